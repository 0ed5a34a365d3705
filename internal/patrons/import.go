package patrons

import (
	"cmp"
	"crypto/rand"
	"database/sql"
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

	// What follows is for imports that are kept as such; the zero values are a plain one.
	Name     string                // what the file is called when that is not its path
	Roster   roster.Options        // how it is read
	Seed     string                // with one, the same import again adds nobody twice, even somebody without any number
	Frame    store.Frame           // around every transaction
	Progress func(done, total int) // called after each patron, may be nil

	Met func(b *store.Bulk, table, id string) error // is told of patrons that are here as the file has them, may be nil
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
	Homerooms []string  `json:"homerooms,omitempty"` // new ones
	Rejected  []Reject  `json:"rejected"`
	Warnings  []Warning `json:"warnings"`
	Seconds   float64   `json:"seconds"`
}

// leavingLimit is the share of leavers beyond which a roster must be confirmed: a short file is more often a broken export than
// a school that lost a fifth of its children.
const leavingLimit = 0.20

// Import takes a roster. Nobody is deleted: who is missing has left. The codes are fault.Invalid (no_roster: nothing readable in the file)
// and fault.Conflict (many_leaving: nothing was changed).
func Import(app core.App, path string, options Options) (summary Summary, err error) {
	const op = "patrons.Import"
	began := time.Now()
	name := cmp.Or(options.Name, path)
	people, err := roster.OpenWith(path, options.Roster)
	if err != nil {
		return summary, Unreadable(op, options.Name, err)
	}
	k, err := load(app)
	if err != nil {
		return summary, err
	}
	p := makePlan(k, name, people, options.Lang)
	summary = p.summary(people)
	if len(people.Persons) == 0 {
		return summary, fault.New(op, fault.Invalid, "patrons.empty", name).Named("no_roster")
	}
	if many := float64(len(p.left)) > leavingLimit*float64(p.managed); many && !options.Confirm {
		return summary, fault.New(op, fault.Conflict, "patrons.many_leaving", len(p.left), p.managed).Named("many_leaving")
	}
	if !options.DryRun {
		w := writer{app: app, cards: rand.Reader, kinds: invert(k.kinds), rooms: invert(k.homerooms), summary: &summary, options: options}
		err = store.Explain(op, app.DataDir(), w.write(p))
	}
	summary.Seconds = time.Since(began).Seconds()
	return summary, err
}

// Unreadable says why a file is no roster; err is a *roster.FileError, name what the file is called when that is not its path.
func Unreadable(op, name string, err error) error {
	var file *roster.FileError
	if !errors.As(err, &file) {
		return err
	}
	why := say.T("roster.file."+file.Code, file.Args()...)
	return fault.New(op, fault.Invalid, "patrons.unreadable", cmp.Or(name, file.File), why).Named("no_roster").At("file").Because(err)
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
	return w.write(p)
}

func (p plan) summary(people roster.Roster) Summary {
	s := Summary{Source: people.Source, Read: len(people.Persons), Homerooms: p.homerooms, Rejected: p.rejected, Warnings: p.warnings}
	s.Patrons.Added, s.Patrons.Updated, s.Patrons.Skipped, s.Patrons.Left = len(p.add), len(p.update), len(p.unchanged), len(p.left)
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
	options Options
}

func (w *writer) write(p plan) error {
	bulk, err := store.NewBulk(w.app, w.options.Serving)
	if err != nil {
		return err
	}
	defer bulk.Abort()
	bulk.Around(w.options.Frame)
	done, total := 0, len(p.add)+len(p.update)+len(p.left)+len(p.unchanged)
	do := func(piece func(b *store.Bulk) error) error {
		if done++; w.options.Progress != nil {
			w.options.Progress(done, total)
		}
		return bulk.Do(piece)
	}
	for _, change := range p.add {
		if err := do(func(b *store.Bulk) error { return w.insert(b, change) }); err != nil {
			return err
		}
	}
	for _, change := range p.update {
		if err := do(func(b *store.Bulk) error { return w.update(b, change) }); err != nil {
			return err
		}
	}
	for _, patron := range p.left {
		if err := do(func(b *store.Bulk) error { return leave(b, patron) }); err != nil {
			return err
		}
	}
	for _, id := range p.unchanged {
		if err := do(func(b *store.Bulk) error { return w.met(b, id) }); err != nil {
			return err
		}
	}
	return bulk.Flush()
}

func (w *writer) met(b *store.Bulk, id string) error {
	if w.options.Met == nil {
		return nil
	}
	return w.options.Met(b, collections.Patrons, id)
}

// make sees to it that a type and a homeroom met in a roster exist; a new one is worth a warning, it may be a misspelling.
func (w *writer) make(b *store.Bulk, c change) error {
	now := stamp()
	if err := w.name(b, w.kinds, c.kind, "patron_type", "SELECT id FROM patron_types WHERE code = ?",
		"INSERT INTO patron_types (id, code, name, created, updated) VALUES (?, ?, ?, ?, ?)", c.kind, c.kind, now, now); err != nil {
		return err
	}
	if c.homeroom == "" {
		return nil
	}
	return w.name(b, w.rooms, c.homeroom, "homeroom", "SELECT id FROM homerooms WHERE name = ?",
		"INSERT INTO homerooms (id, name, teacher, created, updated) VALUES (?, ?, ?, ?, ?)", c.homeroom, c.teacher, now, now)
}

// name finds what is called name, or makes it with the values behind its id.
func (w *writer) name(b *store.Bulk, ids map[string]string, name, what, find, make string, values ...any) error {
	if _, known := ids[name]; known {
		return nil
	}
	row, err := b.Row(find, name) // somebody may have made it since the plan
	if err != nil {
		return err
	}
	var id string
	if err := row.Scan(&id); errors.Is(err, sql.ErrNoRows) {
		id = newID()
		if err := b.Exec(make, append([]any{id}, values...)...); err != nil {
			return err
		}
		w.warn("new_"+what, name)
	} else if err != nil {
		return err
	}
	ids[name] = id
	return nil
}

func (w *writer) warn(code, name string) {
	w.summary.Warnings = append(w.summary.Warnings, newWarning(0, code, say.T("patrons."+code, name), w.options.Lang))
}

func newID() string {
	return security.RandomStringWithAlphabet(core.DefaultIdLength, core.DefaultIdAlphabet)
}

// patronID is the id of a new patron. An import with a seed gives a person of the roster the same one each time.
func (w *writer) patronID(place int) string {
	if w.options.Seed == "" {
		return newID()
	}
	return store.SeededID(w.options.Seed, place)
}

func stamp() string { return types.NowDateTime().String() }

func (w *writer) insert(b *store.Bulk, c change) error {
	if err := w.make(b, c); err != nil {
		return err
	}
	card, err := barcode.NewCard(w.cards)
	if err != nil {
		return err
	}
	p, now := c.patron, stamp()
	return b.Exec(`INSERT INTO patrons (id, barcode, barcode_key, card, district_id, source_id, last_name, first_name, grade, type, homeroom,
		email, guardian_email, language, birth_date, status, expires, block, keep_history, picture, created, updated)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', FALSE, '', ?, ?) ON CONFLICT (id) DO NOTHING`,
		w.patronID(c.place),
		p.Barcode, p.BarcodeKey, card, p.DistrictID, p.SourceID, p.LastName, p.FirstName, p.Grade, w.kinds[c.kind], w.rooms[c.homeroom],
		p.Email, p.GuardianEmail, p.Language, p.BirthDate.String(), p.Status, now, now)
}

func (w *writer) update(b *store.Bulk, c change) error {
	if err := w.make(b, c); err != nil {
		return err
	}
	p := c.patron
	return b.Exec(`UPDATE patrons SET barcode = ?, barcode_key = ?, district_id = ?, source_id = ?, last_name = ?, first_name = ?, grade = ?,
		type = ?, homeroom = ?, email = ?, guardian_email = ?, language = ?, birth_date = ?, status = ?, updated = ? WHERE id = ?`,
		p.Barcode, p.BarcodeKey, p.DistrictID, p.SourceID, p.LastName, p.FirstName, p.Grade, w.kinds[c.kind], w.rooms[c.homeroom],
		p.Email, p.GuardianEmail, p.Language, p.BirthDate.String(), p.Status, stamp(), p.ID)
}

func leave(b *store.Bulk, patron collections.Patron) error {
	return b.Exec("UPDATE patrons SET status = 'left', updated = ? WHERE id = ?", stamp(), patron.ID)
}
