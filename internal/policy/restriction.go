package policy

import (
	"slices"
	"strings"

	"carrel/internal/fault"
)

// The modes of a restriction.
const (
	RestrictDeny  = "deny"
	RestrictAllow = "allow" // with any of these, only what one of them matches may be lent
	RestrictAsk   = "ask"   // refused like deny: the librarian asks the family, and overrides
)

// The scopes of a restriction.
const (
	RestrictAll    = "all"
	RestrictTitle  = "title"
	RestrictTag    = "tag"
	RestrictAuthor = "author"
	RestrictSeries = "series"
)

// Restriction is one wish of a patron's family.
type Restriction struct {
	Mode  string // one of RestrictDeny, RestrictAllow, RestrictAsk
	Scope string // one of RestrictAll, RestrictTitle, RestrictTag, RestrictAuthor, RestrictSeries
	Value string // a title's id, or text folded as ItemView's is; empty for RestrictAll
}

// Validate refuses an unknown mode or scope and a value that does not go with the scope: fault.Invalid at "mode",
// "scope" or "value".
func (r Restriction) Validate() error {
	const op = "policy.restriction"
	if !slices.Contains([]string{RestrictDeny, RestrictAllow, RestrictAsk}, r.Mode) {
		return fault.New(op, fault.Invalid, "policy.restriction_mode", r.Mode).At("mode")
	}
	if !slices.Contains([]string{RestrictAll, RestrictTitle, RestrictTag, RestrictAuthor, RestrictSeries}, r.Scope) {
		return fault.New(op, fault.Invalid, "policy.restriction_scope", r.Scope).At("scope")
	}
	if (r.Scope == RestrictAll) != (r.Value == "") {
		return fault.New(op, fault.Invalid, "policy.restriction_value").At("value")
	}
	return nil
}

func (r Restriction) matches(item ItemView) bool {
	if r.Scope == RestrictAll {
		return true
	}
	if r.Value == "" {
		return false
	}
	switch r.Scope {
	case RestrictTitle:
		return r.Value == item.Title
	case RestrictTag:
		return slices.Contains(item.Tags, r.Value)
	case RestrictAuthor: // a form says "J. K. Rowling", a record "Rowling, J. K., 1965-"
		return hasWords(item.Author, r.Value)
	case RestrictSeries: // a record says "Goosebumps ; 12"
		return hasPhrase(item.Series, r.Value)
	}
	return false
}

// hasWords tells whether every word of words is one of text, in any order.
func hasWords(text, words string) bool {
	have := strings.Fields(text)
	for _, word := range strings.Fields(words) {
		if !slices.Contains(have, word) {
			return false
		}
	}
	return true
}

// hasPhrase tells whether phrase stands in text, word for word.
func hasPhrase(text, phrase string) bool { return strings.Contains(" "+text+" ", " "+phrase+" ") }

// restricted tells whether the family's wishes stand against the item. Deny and ask beat allow. An allow-list says
// nothing of the zero ItemView, which asks about the patron alone.
func restricted(restrictions []Restriction, item ItemView) bool {
	allowList, allowed := false, false
	for _, restriction := range restrictions {
		matches := restriction.matches(item)
		if restriction.Mode != RestrictAllow {
			if matches {
				return true
			}
			continue
		}
		allowList = true
		allowed = allowed || matches
	}
	return allowList && !allowed && item.Title != ""
}
