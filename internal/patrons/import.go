package patrons

import (
	"crypto/rand"
	"errors"
	"io"
	"time"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/fault"
	"carrel/internal/roster"
	"carrel/internal/say"
	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Options steer an import.
type Options struct {
	DryRun  bool
	Confirm bool // the school knows that many are leaving
	Serving bool // the calling process is the server itself
	Lang    say.Lang
}

// Summary is what an import did, or would do.
type Summary struct {
	Source  string `json:"source"`
	Read    int    `json:"read"`
	Patrons struct {
		Added   int `json:"added"`
		Updated int `json:"updated"`
		Skipped int `json:"skipped"` // already as in the file
		Left    int `json:"left"`
	} `json:"patrons"`
	Rejected []Reject  `json:"rejected"`
	Warnings []Warning `json:"warnings"`
	Seconds  float64   `json:"seconds"`
}

// leavingLimit is the share of leavers beyond which a roster must be confirmed: a short file is more often a broken export than
// a school that lost a fifth of its children.
const leavingLimit = 0.20

// Import takes a roster. Nobody is deleted: who is missing has left. The codes are fault.Invalid (no_roster: nothing readable in the file)
// and fault.Conflict (many_leaving: nothing was changed).
func Import(app core.App, path string, options Options) (summary Summary, err error) {
	const op = "patrons.Import"
	began := time.Now()
	people, err := roster.Open(path)
	if err != nil {
		return summary, unreadable(op, err)
	}
	k, err := load(app)
	if err != nil {
		return summary, err
	}
	p := makePlan(k, path, people, options.Lang)
	summary = p.summary(people)
	if len(people.Persons) == 0 {
		return summary, fault.New(op, fault.Invalid, "patrons.empty", path).Named("no_roster")
	}
	if many := float64(len(p.left)) > leavingLimit*float64(p.managed); many && !options.Confirm {
		return summary, fault.New(op, fault.Conflict, "patrons.many_leaving", len(p.left), p.managed).Named("many_leaving")
	}
	if !options.DryRun {
		w := writer{app: app, cards: rand.Reader, kinds: invert(k.kinds), rooms: invert(k.homerooms), summary: &summary, lang: options.Lang}
		err = w.write(p, options.Serving)
	}
	summary.Seconds = time.Since(began).Seconds()
	return summary, err
}

// unreadable says why a file is no roster.
func unreadable(op string, err error) error {
	var file *roster.FileError
	if !errors.As(err, &file) {
		return err
	}
	why := say.T("roster.file."+file.Code, file.Args()...)
	return fault.New(op, fault.Invalid, "patrons.unreadable", file.File, why).Named("no_roster").Because(err)
}

// AddAll adds people who come from no file, with cards made from the given source of randomness.
func AddAll(app core.App, people []roster.Person, cards io.Reader) error {
	k, err := load(app)
	if err != nil {
		return err
	}
	list := roster.Roster{Persons: people, Delta: true}
	p := makePlan(k, "", list, say.English)
	summary := p.summary(list)
	w := writer{app: app, cards: cards, kinds: invert(k.kinds), rooms: invert(k.homerooms), summary: &summary}
	return w.write(p, false)
}

func (p plan) summary(people roster.Roster) Summary {
	s := Summary{Source: people.Source, Read: len(people.Persons), Rejected: p.rejected, Warnings: p.warnings}
	s.Patrons.Added, s.Patrons.Updated, s.Patrons.Skipped, s.Patrons.Left = len(p.add), len(p.update), p.unchanged, len(p.left)
	if s.Rejected == nil {
		s.Rejected = []Reject{}
	}
	if s.Warnings == nil {
		s.Warnings = []Warning{}
	}
	return s
}

func invert(names map[string]string) map[string]string {
	ids := map[string]string{}
	for id, name := range names {
		ids[name] = id
	}
	return ids
}

// writer puts a plan into the store, piece by piece. Cut off in the middle, the same import goes on where it stopped: what is
// written is then unchanged.
type writer struct {
	app     core.App
	cards   io.Reader
	kinds   map[string]string // id by code
	rooms   map[string]string // id by name
	summary *Summary
	lang    say.Lang
}

func (w *writer) write(p plan, serving bool) error {
	for _, changes := range [][]change{p.add, p.update} {
		for _, change := range changes {
			if err := w.make(change); err != nil {
				return err
			}
		}
	}
	bulk, err := store.NewBulk(w.app, serving)
	if err != nil {
		return err
	}
	defer bulk.Abort()
	for _, change := range p.add {
		if err := bulk.Do(func(b *store.Bulk) error { return w.insert(b, change) }); err != nil {
			return err
		}
	}
	for _, change := range p.update {
		if err := bulk.Do(func(b *store.Bulk) error { return w.update(b, change) }); err != nil {
			return err
		}
	}
	for _, patron := range p.left {
		if err := bulk.Do(func(b *store.Bulk) error { return leave(b, patron) }); err != nil {
			return err
		}
	}
	return bulk.Flush()
}

// make sees to it that a type and a homeroom met in a roster exist; a new one is worth a warning, it may be a misspelling.
func (w *writer) make(c change) error {
	if _, ok := w.kinds[c.kind]; !ok {
		kind, err := collections.Insert(w.app, collections.PatronType{Code: c.kind, Name: c.kind})
		if err != nil {
			return err
		}
		w.kinds[c.kind] = kind.ID
		w.warn("new_patron_type", c.kind)
	}
	if _, ok := w.rooms[c.homeroom]; !ok && c.homeroom != "" {
		room, err := collections.Insert(w.app, collections.Homeroom{Name: c.homeroom, Teacher: c.teacher})
		if err != nil {
			return err
		}
		w.rooms[c.homeroom] = room.ID
		w.warn("new_homeroom", c.homeroom)
	}
	return nil
}

func (w *writer) warn(code, name string) {
	w.summary.Warnings = append(w.summary.Warnings, Warning{0, code, say.T("patrons."+code, name).In(w.lang)})
}

func stamp() string { return types.NowDateTime().String() }

func (w *writer) insert(b *store.Bulk, c change) error {
	card, err := barcode.NewCard(w.cards)
	if err != nil {
		return err
	}
	p, now := c.patron, stamp()
	return b.Exec(`INSERT INTO patrons (id, barcode, barcode_key, card, district_id, source_id, last_name, first_name, grade, type, homeroom,
		email, guardian_email, language, birth_date, status, expires, block, keep_history, picture, created, updated)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', FALSE, '', ?, ?)`,
		security.RandomStringWithAlphabet(core.DefaultIdLength, core.DefaultIdAlphabet),
		p.Barcode, p.BarcodeKey, card, p.DistrictID, p.SourceID, p.LastName, p.FirstName, p.Grade, w.kinds[c.kind], w.rooms[c.homeroom],
		p.Email, p.GuardianEmail, p.Language, p.BirthDate.String(), p.Status, now, now)
}

func (w *writer) update(b *store.Bulk, c change) error {
	p := c.patron
	return b.Exec(`UPDATE patrons SET barcode = ?, barcode_key = ?, district_id = ?, source_id = ?, last_name = ?, first_name = ?, grade = ?,
		type = ?, homeroom = ?, email = ?, guardian_email = ?, language = ?, birth_date = ?, status = ?, updated = ? WHERE id = ?`,
		p.Barcode, p.BarcodeKey, p.DistrictID, p.SourceID, p.LastName, p.FirstName, p.Grade, w.kinds[c.kind], w.rooms[c.homeroom],
		p.Email, p.GuardianEmail, p.Language, p.BirthDate.String(), p.Status, stamp(), p.ID)
}

func leave(b *store.Bulk, patron collections.Patron) error {
	return b.Exec("UPDATE patrons SET status = 'left', updated = ? WHERE id = ?", stamp(), patron.ID)
}
