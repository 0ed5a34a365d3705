package notices

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Wording is the subject and the text of a kind of notice ("teacher" for the list of a homeroom), a step and a language. Step 0 is for every
// step that has no words of its own.
type Wording struct {
	Kind     string   `json:"kind"`
	Step     int      `json:"step"`
	Language say.Lang `json:"language"`
	Subject  string   `json:"subject"`
	Body     string   `json:"body"`
	Own      bool     `json:"own"` // the school's, not as shipped
	// Placeholders are what may stand in it.
	Placeholders []string `json:"placeholders"`
}

// How long words may be, in letters.
const (
	maxSubject = 200
	maxBody    = 20_000
)

// Wordings lists what is said: the words as shipped, with the school's own in their place or, for steps of their own, beside them.
func Wordings(app core.App) ([]Wording, error) {
	const op = "notices.Wordings"
	rows, err := collections.All[collections.NoticeTemplate](app, "", "", nil)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	var wordings []Wording
	for _, row := range rows {
		wordings = append(wordings, Wording{
			Kind: row.Kind, Step: row.Step, Language: say.Lang(row.Language), Subject: row.Subject, Body: row.Body, Own: true, Placeholders: placeholders[row.Kind],
		})
	}
	for _, key := range wordingKeys() {
		if key.step > worded[key.kind] || slices.ContainsFunc(wordings, func(w Wording) bool { return w.key() == key }) {
			continue
		}
		subject, body, err := shippedWords(key)
		if err != nil {
			return nil, fault.Wrap(op, err)
		}
		wordings = append(wordings, Wording{
			Kind: key.kind, Step: key.step, Language: key.lang, Subject: subject, Body: body, Placeholders: placeholders[key.kind],
		})
	}
	slices.SortFunc(wordings, func(a, b Wording) int {
		return cmp.Or(cmp.Compare(slices.Index(wordedKinds, a.Kind), slices.Index(wordedKinds, b.Kind)), cmp.Compare(a.Step, b.Step), cmp.Compare(a.Language, b.Language))
	})
	return wordings, nil
}

func (w Wording) key() wordingKey { return wordingKey{w.Kind, w.Step, w.Language} }

// check refuses words that could not be sent, with the unknown placeholder named: fault.Invalid at "kind", "step", "language", "subject" or "body".
func (w Wording) check() error {
	const op = "notices.Wording"
	if err := w.checkKey(); err != nil {
		return err
	}
	for _, field := range []struct {
		name, text string
		most       int
	}{{"subject", w.Subject, maxSubject}, {"body", w.Body, maxBody}} {
		switch {
		case strings.TrimSpace(field.text) == "":
			return fault.New(op, fault.Invalid, "notices.template.empty").At(field.name)
		case len([]rune(field.text)) > field.most:
			return fault.New(op, fault.Invalid, "notices.template.long", field.most).At(field.name)
		}
	}
	if strings.ContainsAny(w.Subject, "\r\n") {
		return fault.New(op, fault.Invalid, "notices.template.lines").At("subject")
	}
	_, err := parseWording(w.key(), w.Subject, w.Body)
	return err
}

func (w Wording) checkKey() error {
	const op = "notices.Wording"
	switch {
	case !slices.Contains(wordedKinds, w.Kind):
		return fault.New(op, fault.Invalid, "notices.template.kind").At("kind")
	case w.Step < 0 || w.Step > stepsOf(w.Kind):
		return fault.New(op, fault.Invalid, "notices.template.kind").At("step")
	case w.Language != say.English && w.Language != say.Spanish:
		return fault.New(op, fault.Invalid, "notices.template.language").At("language")
	}
	return nil
}

// SaveWording keeps the school's own words. The code is fault.Invalid, as check has it.
func SaveWording(app core.App, w Wording) (Wording, error) {
	const op = "notices.SaveWording"
	if err := w.check(); err != nil {
		return w, err
	}
	err := app.RunInTransaction(func(app core.App) error {
		row, found, err := findWording(app, w)
		if err != nil {
			return err
		}
		row.Kind, row.Step, row.Language, row.Subject, row.Body = w.Kind, w.Step, string(w.Language), w.Subject, w.Body
		if found {
			return collections.Update(app, row)
		}
		_, err = collections.Insert(app, row)
		return err
	})
	w.Own, w.Placeholders = true, placeholders[w.Kind]
	return w, fault.Wrap(op, err)
}

func findWording(app core.App, w Wording) (collections.NoticeTemplate, bool, error) {
	return collections.Find[collections.NoticeTemplate](app, "kind = {:kind} AND step = {:step} AND language = {:language}",
		dbx.Params{"kind": w.Kind, "step": w.Step, "language": string(w.Language)})
}

// DropWording goes back to the words as shipped. The codes are fault.Invalid and fault.NotFound.
func DropWording(app core.App, w Wording) error {
	const op = "notices.DropWording"
	if err := w.checkKey(); err != nil {
		return err
	}
	row, found, err := findWording(app, w)
	if err != nil {
		return fault.Wrap(op, err)
	}
	if !found {
		return fault.New(op, fault.NotFound, "notices.template.gone")
	}
	record, err := app.FindRecordById(collections.NoticeTemplates, row.ID)
	if err == nil {
		err = app.Delete(record)
	}
	return fault.Wrap(op, err)
}

// Shown is a notice as a family would read it.
type Shown struct {
	Subject string `json:"subject"`
	Text    string `json:"text"`
	HTML    string `json:"html"`
	// Sample is true when the patron has nothing of the kind today, so that the books in it are made up.
	Sample bool `json:"sample"`
}

// Somebody is a patron made up to show words on.
func Somebody() collections.Patron { return collections.Patron{FirstName: "Diego", LastName: "Ramos"} }

// ShowWording puts words onto a patron on the day that now is: what the patron has of the kind, else something made up. Without
// words of w's own it takes those that would be sent. It writes nothing. The codes are fault.Invalid, as check has it.
func ShowWording(app core.App, w Wording, patron collections.Patron, now time.Time) (shown Shown, err error) {
	const op = "notices.ShowWording"
	if err := w.checkKey(); err != nil {
		return shown, err
	}
	if w.Subject == "" && w.Body == "" {
		if w.Subject, w.Body, err = wordsInUse(app, w.key()); err != nil {
			return shown, fault.Wrap(op, err)
		}
	}
	if err := w.check(); err != nil {
		return shown, err
	}
	l, real, school, err := letterTo(app, w, patron, now)
	if err != nil {
		return shown, fault.Wrap(op, err)
	}
	shown.Sample = !real
	wording, err := parseWording(w.key(), w.Subject, w.Body)
	if err != nil {
		return shown, err
	}
	fees, err := site.LoadFees(app)
	if err != nil {
		return shown, fault.Wrap(op, err)
	}
	if shown.Subject, shown.Text, err = wording.fill(l, school, fees.Currency); err != nil {
		return shown, fault.Wrap(op, err)
	}
	m := message{subject: shown.Subject, text: shown.Text, lang: string(l.lang)}
	shown.Subject = m.headline()
	shown.HTML, err = m.html()
	return shown, fault.Wrap(op, err)
}

func wordsInUse(app core.App, key wordingKey) (subject, body string, err error) {
	rows, err := collections.All[collections.NoticeTemplate](app, "kind = {:kind} AND language = {:language}", "",
		dbx.Params{"kind": key.kind, "language": string(key.lang)})
	own := map[wordingKey]collections.NoticeTemplate{}
	for _, row := range rows {
		own[wordingKey{row.Kind, row.Step, say.Lang(row.Language)}] = row
	}
	if err != nil {
		return "", "", err
	}
	return source(own, key)
}

// letterTo is the letter that a patron's family would get. It is not real when there is nothing to tell today.
func letterTo(app core.App, w Wording, patron collections.Patron, now time.Time) (l letter, real bool, school site.School, err error) {
	if school, err = site.Load(app); err != nil {
		return l, false, school, err
	}
	look, err := newLook(app, policy.DayOf(now, school.Location()))
	if err != nil {
		return l, false, school, err
	}
	to, audience := addressee{kind: w.Kind}, site.ToGuardians
	if w.Kind == forTeacher {
		to, audience = addressee{kind: kindOverdue, teacher: true}, site.ToTeacher
	}
	matters, err := look.of(patron, to.kind, w.Step)
	if err != nil {
		return l, false, school, err
	}
	row := letterRow{
		Step: w.Step, Language: w.Language, Disclosure: look.settings.Tell(audience, channelMail),
		Patron: patron.ID, FirstName: patron.FirstName, LastName: patron.LastName,
	}
	room, _, err := collections.Find[collections.Homeroom](app, "id = {:id}", dbx.Params{"id": patron.Homeroom})
	if err != nil {
		return l, false, school, err
	}
	row.Homeroom = room.Name
	if len(matters) == 0 {
		row.Disclosure = site.DiscloseCount // a made up book has no title
		return letterOf(to, row.with(madeUp(to.kind, look.on))), false, school, nil
	}
	l = letterOf(to, row.with(matters))
	return l, true, school, l.learn(app)
}

// of finds what there is to tell of one patron.
func (l look) of(patron collections.Patron, kind string, step int) (matters []matter, err error) {
	if kind == kindHoldReady {
		matters, err = heldOn(l.app, l.on)
	} else {
		matters, err = l.find(kind)
	}
	return slices.DeleteFunc(matters, func(m matter) bool { return m.Patron != patron.ID || ending(m.Kind, m.Step) != ending(m.Kind, step) }), err
}

func madeUp(kind string, today policy.Day) []matter {
	matters := []matter{{About: "one", Day: today, Cents: 1250}, {About: "two", Day: today}}
	if kind == kindHoldReady || kind == kindHoldExpired || kind == kindClaim || kind == kindFee {
		return matters[:1]
	}
	return matters
}

// with is the row once a matter.
func (r letterRow) with(matters []matter) (rows []letterRow) {
	for _, matter := range matters {
		r.About, r.Day, r.Cents = matter.About, matter.Day, matter.Cents
		rows = append(rows, r)
	}
	return rows
}
