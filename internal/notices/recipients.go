package notices

import (
	"net/mail"
	"slices"
	"strings"
	"unicode"

	"carrel/collections"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

// maxAddress is the longest address a mail server takes (RFC 5321 4.5.3.1.3: a path of 256 octets with its brackets).
const maxAddress = 254

// maxRecipient is how much of an unusable address is kept, in characters.
const maxRecipient = 320

// recipient is one way to reach somebody. Problem is the key of the sentence that says why it cannot be used.
type recipient struct {
	channel  string
	address  string
	audience string
	problem  string
}

// notice is a notice to the recipient, of which all is still to be said.
func (r recipient) notice(settings site.Notices) collections.Notice {
	notice := collections.Notice{
		Channel: r.channel, Recipient: r.address, Audience: r.audience,
		Disclosure: string(settings.Tell(r.audience, r.channel)), State: collections.NoticeQueued,
	}
	if r.problem != "" {
		notice.State, notice.Error = collections.NoticeFailed, r.problem
	}
	return notice
}

// recipients says who hears of a patron's books: the family as the kind has it, else as it can be reached, else on paper, and the teachers of
// the homeroom. An address that cannot be used is kept with its problem, so that somebody sees it, and does not count as reached.
func recipients(kind site.NoticeKind, guardians, own string, teachers []string) (found []recipient) {
	if slices.Contains(kind.To, site.ToGuardians) || slices.Contains(kind.To, site.ToPatron) {
		found = family(kind, guardians, own)
	}
	if !slices.Contains(kind.To, site.ToTeacher) {
		return found
	}
	for _, address := range teachers {
		if usable(address) && !known(found, address) {
			found = append(found, recipient{channel: channelMail, address: address, audience: site.ToTeacher})
		}
	}
	return found
}

func family(kind site.NoticeKind, guardians, own string) (found []recipient) {
	paper := recipient{channel: channelPaper, audience: site.ToGuardians}
	if kind.Channel == channelPaper {
		return []recipient{paper}
	}
	reached := false
	for _, asked := range []bool{true, false} { // those named first, the other only when they cannot be reached
		for _, list := range [][2]string{{site.ToGuardians, guardians}, {site.ToPatron, own}} {
			if slices.Contains(kind.To, list[0]) != asked || !asked && reached {
				continue
			}
			for _, to := range addressesOf(list[0], list[1]) {
				if !known(found, to.address) {
					found = append(found, to)
					reached = reached || to.problem == ""
				}
			}
		}
	}
	if !reached {
		found = append(found, paper)
	}
	return found
}

func addressesOf(audience, list string) (found []recipient) {
	for _, address := range split(list) {
		to := recipient{channel: channelMail, address: address, audience: audience}
		if !usable(address) {
			to.address, to.problem = printable(address), "notices.bad_address"
		}
		found = append(found, to)
	}
	return found
}

// teachersOf reads the teachers who sign in, by homeroom.
func teachersOf(app core.App) (map[string][]string, error) {
	var rows []struct {
		Room  string `db:"room"`
		Email string `db:"email"`
	}
	err := app.DB().NewQuery(`SELECT r.value AS room, s.email FROM staff s, json_each(CASE WHEN json_valid(s.homerooms) THEN s.homerooms ELSE '[]' END) r
		WHERE s.role = 'teacher' ORDER BY s.email`).All(&rows)
	teachers := map[string][]string{}
	for _, row := range rows {
		teachers[row.Room] = append(teachers[row.Room], row.Email)
	}
	return teachers, err
}

// split takes a list apart. Only blanks are trimmed: a line break belongs to the address, and makes it unusable.
func split(list string) []string {
	var addresses []string
	for _, one := range strings.Split(list, ";") {
		if one = strings.Trim(one, " "); one != "" {
			addresses = append(addresses, one)
		}
	}
	return addresses
}

func known(found []recipient, address string) bool {
	for _, to := range found {
		if fold(to.address) == fold(address) {
			return true
		}
	}
	return false
}

// fold makes addresses comparable: no server in use tells Ana@example.org from ana@example.org.
func fold(address string) string { return strings.ToLower(address) }

// usable tells whether an address is a bare address and nothing else: no name, no comment, nothing that could
// begin a header or a command of its own.
func usable(address string) bool {
	if len(address) > maxAddress || strings.ContainsFunc(address, notPlain) {
		return false
	}
	parsed, err := mail.ParseAddress(address)
	return err == nil && parsed.Name == "" && parsed.Address == address
}

func notPlain(r rune) bool {
	return unicode.IsControl(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar || strings.ContainsRune("<>\"", r)
}

// printable is an unusable address as it can be shown.
func printable(address string) string {
	shown := []rune(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(address, "\uFFFD")))
	return string(shown[:min(len(shown), maxRecipient)])
}
