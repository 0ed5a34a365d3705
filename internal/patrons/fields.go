package patrons

import (
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/text/language"
)

// Fields are what the librarian sets of a patron by hand. nil leaves a field as it is, an empty text empties it.
type Fields struct {
	FirstName     *string `json:"first_name"`
	LastName      *string `json:"last_name"`
	Barcode       *string `json:"barcode"`
	Grade         *string `json:"grade"`          // one of Grades
	Homeroom      *string `json:"homeroom"`       // id
	Type          *string `json:"type"`           // code
	Email         *string `json:"email"`          // of the patron
	GuardianEmail *string `json:"guardian_email"` // one or more, parted by ; or ,
	Language      *string `json:"language"`       // ISO 639, of the family
	SayName       *string `json:"say_name"`
	Reads         *string `json:"reads"`
	Note          *string `json:"note"`
	Expires       *string `json:"expires"` // YYYY-MM-DD
	Status        *string `json:"status"`  // active or left
	Block         *string `json:"block"`   // the reason
}

// field is one of Fields: its name, the most characters it has room for, where it is typed and stored, and how it is made fit to be stored.
type field struct {
	name   string
	max    int
	typed  func(*Fields) *string
	stored func(*collections.Patron) *string
	fit    func(app core.App, patron, text string) (string, error)
}

var fields = []field{
	{"first_name", 200, func(f *Fields) *string { return f.FirstName }, func(p *collections.Patron) *string { return &p.FirstName }, asLine},
	{"last_name", 200, func(f *Fields) *string { return f.LastName }, func(p *collections.Patron) *string { return &p.LastName }, asLine},
	{"barcode", barcode.MaxLength, func(f *Fields) *string { return f.Barcode }, func(p *collections.Patron) *string { return &p.Barcode }, freeBarcode},
	{"grade", 4, func(f *Fields) *string { return f.Grade }, func(p *collections.Patron) *string { return &p.Grade }, knownGrade},
	{"homeroom", 15, func(f *Fields) *string { return f.Homeroom }, func(p *collections.Patron) *string { return &p.Homeroom }, knownHomeroom},
	{"type", 60, func(f *Fields) *string { return f.Type }, func(p *collections.Patron) *string { return &p.Type }, knownType},
	{"email", 254, func(f *Fields) *string { return f.Email }, func(p *collections.Patron) *string { return &p.Email }, oneAddress},
	{"guardian_email", 1000, func(f *Fields) *string { return f.GuardianEmail }, func(p *collections.Patron) *string { return &p.GuardianEmail }, addresses},
	{"language", 12, func(f *Fields) *string { return f.Language }, func(p *collections.Patron) *string { return &p.Language }, knownLanguage},
	{"say_name", 200, func(f *Fields) *string { return f.SayName }, func(p *collections.Patron) *string { return &p.SayName }, asLine},
	{"reads", 200, func(f *Fields) *string { return f.Reads }, func(p *collections.Patron) *string { return &p.Reads }, asLine},
	{"note", 4000, func(f *Fields) *string { return f.Note }, func(p *collections.Patron) *string { return &p.Note }, asText},
	{"status", 10, func(f *Fields) *string { return f.Status }, func(p *collections.Patron) *string { return &p.Status }, knownStatus},
	{"block", 500, func(f *Fields) *string { return f.Block }, func(p *collections.Patron) *string { return &p.Block }, asLine},
}

// lay puts typed fields over a patron and names those that are another than before. The codes are fault.Invalid at the field.
func (f Fields) lay(app core.App, patron collections.Patron) (_ collections.Patron, changed []string, err error) {
	for _, field := range fields {
		typed, stored := field.typed(&f), field.stored(&patron)
		if typed == nil {
			continue
		}
		text := strings.ToValidUTF8(*typed, "")
		if utf8.RuneCountInString(text) > field.max {
			return patron, nil, unfit(field.name, "patrons.set.long", field.max)
		}
		if text, err = field.fit(app, patron.ID, text); err != nil {
			return patron, nil, err
		}
		if text != *stored {
			*stored, changed = text, append(changed, field.name)
		}
	}
	if f.Expires != nil {
		day, err := policy.ParseDay(*f.Expires)
		if err != nil {
			return patron, nil, unfit("expires", "door.bad_day")
		}
		if day != patron.Expires {
			patron.Expires, changed = day, append(changed, "expires")
		}
	}
	if patron.FirstName == "" && patron.LastName == "" {
		return patron, nil, unfit("first_name", "patrons.set.name")
	}
	patron.BarcodeKey = barcode.Key(patron.Barcode)
	return patron, changed, nil
}

// asLine keeps a text to one line, without what cannot be seen.
func asLine(_ core.App, _, text string) (string, error) {
	return strings.Join(strings.Fields(visible(text)), " "), nil
}

// asText keeps the lines of a text.
func asText(_ core.App, _, text string) (string, error) {
	return strings.TrimSpace(visible(strings.ReplaceAll(text, "\r\n", "\n"))), nil
}

func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

// freeBarcode refuses a barcode that a scanner could take for another patron's, or for a card.
func freeBarcode(app core.App, patron, text string) (string, error) {
	text, _ = asLine(app, patron, text)
	if text == "" {
		return "", nil
	}
	if barcode.IsCard(text) {
		return "", unfit("barcode", "patrons.set.barcode_card")
	}
	other, taken, err := collections.Find[collections.Patron](app, "barcode != '' AND barcode_key = {:key} AND id != {:id}",
		dbx.Params{"key": barcode.Key(text), "id": patron})
	if err == nil && taken {
		err = unfit("barcode", "patrons.set.barcode_taken", other.Barcode, other.Name()).Named("barcode_taken")
	}
	return text, err
}

func knownGrade(_ core.App, _, text string) (string, error) {
	if text != "" && !slices.Contains(Grades, text) {
		return "", unfit("grade", "patrons.set.choice", strings.Join(Grades, ", "))
	}
	return text, nil
}

func knownStatus(_ core.App, _, text string) (string, error) {
	if text != collections.PatronActive && text != collections.PatronLeft {
		return "", unfit("status", "patrons.set.choice", collections.PatronActive+", "+collections.PatronLeft)
	}
	return text, nil
}

func knownHomeroom(app core.App, _, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	room, err := homeroomByID(app, id)
	return room.ID, err
}

func knownType(app core.App, _, code string) (string, error) {
	if code == "" {
		return "", nil
	}
	kind, err := typeByCode(app, code)
	return kind.ID, err
}

func knownLanguage(_ core.App, _, code string) (string, error) {
	code = strings.TrimSpace(code)
	if code == "" {
		return "", nil
	}
	base, err := language.ParseBase(code)
	if err != nil {
		return "", unfit("language", "patrons.set.language", code)
	}
	return base.String(), nil
}

func oneAddress(_ core.App, _, text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	return address("email", text)
}

// addresses makes a list as it is stored of one as people type it.
func addresses(_ core.App, _, text string) (string, error) {
	var list []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == ',' || unicode.IsSpace(r) }) {
		one, err := address("guardian_email", part)
		if err != nil {
			return "", err
		}
		if !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return strings.Join(list, ";"), nil
}

func address(field, text string) (string, error) {
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Address != text {
		return "", unfit(field, "patrons.set.email", text)
	}
	return text, nil
}
