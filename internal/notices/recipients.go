package notices

import (
	"net/mail"
	"strings"
	"unicode"

	"carrel/collections"
)

// maxAddress is the longest address a mail server takes (RFC 5321 4.5.3.1.3: a path of 256 octets with its brackets).
const maxAddress = 254

// maxRecipient is how much of an unusable address is kept, in characters.
const maxRecipient = 320

// recipient is one way to reach a family. Problem is the key of the sentence that says why it cannot be used.
type recipient struct {
	channel string
	address string
	problem string
}

// notice is a notice to the recipient, of which all is still to be said.
func (r recipient) notice() collections.Notice {
	notice := collections.Notice{
		Channel: r.channel, Recipient: r.address, Disclosure: disclosureCount, State: collections.NoticeQueued,
	}
	if r.problem != "" {
		notice.State, notice.Error = collections.NoticeFailed, r.problem
	}
	return notice
}

// recipients says who hears of a patron's books: the guardians, else the patron, else paper. An address that cannot be used
// is kept with its problem, so that somebody sees it, and does not count as reached.
func recipients(guardians, own string) []recipient {
	var found []recipient
	reached := false
	for _, list := range []string{guardians, own} {
		if reached {
			break
		}
		for _, address := range split(list) {
			to := recipient{channel: channelMail, address: address}
			if !usable(address) {
				to.address, to.problem = printable(address), "notices.bad_address"
			}
			if known(found, to.address) {
				continue
			}
			found = append(found, to)
			reached = reached || to.problem == ""
		}
	}
	if !reached {
		found = append(found, recipient{channel: channelPaper})
	}
	return found
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
