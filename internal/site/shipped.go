package site

import (
	"errors"
	"reflect"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Shipped is what ApplyShipped did to the rows.
type Shipped struct {
	Added     int      `json:"added"`
	Replaced  int      `json:"replaced"`
	Kept      int      `json:"kept"` // rows of the school's own that differ and were left as they are
	Unchanged int      `json:"unchanged"`
	Types     []string `json:"types"` // codes of the patron and item types that were missing
	// Rows says it of each shipped row.
	Rows []ShippedRow `json:"rows"`
}

// ShippedRow is what became of one shipped row.
type ShippedRow struct {
	RuleRow
	State string        `json:"state"`         // "added", "replaced", "kept" or "unchanged"
	Was   *policy.Terms `json:"was,omitempty"` // the school's own terms, where they differ
}

// errPlanned ends a transaction that was only to say what it would do.
var errPlanned = errors.New("planned")

// PlanShipped says what ApplyShipped would do, and writes nothing.
func PlanShipped(app core.App, level string, replace bool) (plan Shipped, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		if plan, err = ApplyShipped(app, level, replace); err != nil {
			return err
		}
		return errPlanned
	})
	if errors.Is(err, errPlanned) {
		err = nil
	}
	return plan, err
}

// ApplyShipped brings in the rules a school of this level starts from ("K-5", "6-8" or "9-12"), with the types they speak of. A row of
// the school's own with the same scope gives way only when replace is true; rows of other scopes stay. fault.Invalid at "level".
func ApplyShipped(app core.App, level string, replace bool) (done Shipped, err error) {
	rules, ok := policy.Shipped(level)
	if !ok {
		return done, unfit("level", "site.unknown_level", level)
	}
	err = app.RunInTransaction(func(app core.App) error {
		done = Shipped{}
		school, err := Load(app)
		if err != nil {
			return err
		}
		if done.Types, err = addTypes(app, rules, school.Language); err != nil {
			return err
		}
		for _, rule := range rules {
			if err := done.apply(app, rule, replace); err != nil {
				return err
			}
		}
		return nil
	})
	return done, err
}

// addTypes makes the types that are missing, named in the school's language.
func addTypes(app core.App, rules []policy.ShippedRule, lang say.Lang) (added []string, err error) {
	for _, rule := range rules {
		patronType := collections.PatronType{Code: rule.PatronType, Name: typeName(rule.PatronType, lang)}
		if err := addMissing(app, patronType, patronType.Code, SavePatronType, &added); err != nil {
			return nil, err
		}
		itemType := collections.ItemType{Code: rule.ItemType, Name: typeName(rule.ItemType, lang)}
		if err := addMissing(app, itemType, itemType.Code, SaveItemType, &added); err != nil {
			return nil, err
		}
	}
	return added, nil
}

func addMissing[R collections.Record](app core.App, kind R, code string, save func(core.App, R) (R, error), added *[]string) error {
	if code == "" {
		return nil
	}
	known, err := typeCalled(app, kind.Collection(), code)
	if err != nil || known.ID != "" {
		return err
	}
	*added = append(*added, code)
	_, err = save(app, kind)
	return err
}

func typeName(code string, lang say.Lang) string { return say.T("site.type." + code).In(lang) }

func (s *Shipped) apply(app core.App, shipped policy.ShippedRule, replace bool) error {
	row := RuleRow{PatronType: shipped.PatronType, ItemType: shipped.ItemType, Terms: shipped.Terms}
	rule, err := scoped(app, &row)
	if err != nil {
		return err
	}
	stored, found, err := collections.Find[collections.LoanRule](app, "patron_type = {:patron} AND item_type = {:item}",
		dbx.Params{"patron": rule.PatronType, "item": rule.ItemType})
	if err != nil {
		return err
	}
	state, was := "added", (*policy.Terms)(nil)
	if found {
		state, was = against(stored, shipped.Terms, replace)
	}
	s.count(ShippedRow{row, state, was})
	if state != "added" && state != "replaced" {
		return nil
	}
	row.ID = stored.ID
	_, err = SaveRule(app, row)
	return err
}

// against says what becomes of the school's own row of a shipped row's scope. Terms that cannot be read give way like others.
func against(stored collections.LoanRule, shipped policy.Terms, replace bool) (state string, was *policy.Terms) {
	terms, unreadable := policy.ReadTerms(stored.Terms)
	switch {
	case unreadable == nil && reflect.DeepEqual(terms, shipped):
		return "unchanged", nil
	case replace:
		return "replaced", &terms
	}
	return "kept", &terms
}

func (s *Shipped) count(row ShippedRow) {
	s.Rows = append(s.Rows, row)
	switch row.State {
	case "added":
		s.Added++
	case "replaced":
		s.Replaced++
	case "kept":
		s.Kept++
	default:
		s.Unchanged++
	}
}
