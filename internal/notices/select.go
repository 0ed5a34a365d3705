package notices

import (
	"database/sql"
	"errors"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// draft is a notice not yet written down.
type draft struct {
	notice collections.Notice
	loans  []draftLoan
	owed   *owed // of a notice about money
}

type draftLoan struct {
	loan string
	due  policy.Day
	step int
}

// owed says until when somebody must have been told last to be told again.
type owed struct{ on, before policy.Day }

// empty tells whether there is nothing to say.
func (d draft) empty() bool { return len(d.loans) == 0 && d.owed == nil }

// Select writes down a notice for each patron and recipient who was not yet told of a loan at the step it has reached on that
// day, or of what is owed for so long. A second run, or one killed at any point and started again, adds only what is missing.
func Select(app core.App, on policy.Day, now time.Time) (Summary, error) {
	return selectKinds(app, on, now, chosen, Part{})
}

func selectKinds(app core.App, on policy.Day, now time.Time, kinds []string, part Part) (Summary, error) {
	const op = "notices.Select"
	if err := forgetReminders(app); err != nil {
		return Summary{On: on}, fault.Wrap(op, err)
	}
	drafts, err := plan(app, on, kinds, part)
	if err != nil {
		return Summary{On: on}, fault.Wrap(op, err)
	}
	written, err := write(app, drafts, now)
	if err != nil {
		return Summary{On: on}, fault.Wrap(op, err)
	}
	return count(on, written), nil
}

// dry counts what Select would write.
func dry(app core.App, on policy.Day) (Summary, error) {
	drafts, err := plan(app, on, chosen, Part{})
	summary := count(on, drafts)
	summary.DryRun = true
	return summary, fault.Wrap("notices.Run", err)
}

func count(on policy.Day, drafts []draft) Summary {
	summary := Summary{On: on}
	loans := map[string]bool{}
	for _, draft := range drafts {
		if draft.notice.Kind != kindOverdue {
			summary.Others++
		} else {
			for _, loan := range draft.loans {
				loans[loan.loan] = true
			}
		}
		switch {
		case draft.notice.State == collections.NoticeFailed:
			summary.Failed++
		case draft.notice.Channel == channelPaper:
			summary.Paper++
		default:
			summary.Queued++
		}
	}
	summary.Selected = len(loans)
	return summary
}

// planner drafts the notices of one day.
type planner struct {
	look
	school   site.School
	part     Part
	teachers map[string][]string // addresses by homeroom
	optOuts  map[string]bool
}

// plan drafts the notices of a day, with a few queries however many loans are out.
func plan(app core.App, on policy.Day, kinds []string, part Part) (drafts []draft, err error) {
	p := planner{part: part}
	if p.look, err = newLook(app, on); err != nil {
		return nil, err
	}
	if p.school, err = site.Load(app); err != nil {
		return nil, err
	}
	if p.teachers, err = teachersOf(app); err != nil {
		return nil, err
	}
	if p.optOuts, err = optOuts(app); err != nil {
		return nil, err
	}
	for _, kind := range kinds {
		if !p.settings.Of(kind).On {
			continue
		}
		more, err := p.draft(kind)
		if err != nil {
			return nil, err
		}
		drafts = append(drafts, more...)
	}
	return drafts, nil
}

func (p planner) draft(kind string) ([]draft, error) {
	matters, err := p.find(kind)
	if err != nil {
		return nil, err
	}
	told, err := p.told(kind)
	if err != nil {
		return nil, err
	}
	var drafts []draft
	how := p.part.how(p.settings.Of(kind))
	for _, matters := range stack(p.part.of(matters)) {
		patron := matters[0]
		for _, to := range p.part.mailed(recipients(how, patron.GuardianEmail, patron.Email, p.teachers[patron.Room])) {
			if courtesy(kind) && p.optOuts[fold(to.address)] {
				continue
			}
			draft := p.draftFor(to, matters, told)
			if draft.empty() {
				continue
			}
			draft.notice.Language = string(languageOf(patron.Language, p.school.Language))
			if to.audience == site.ToTeacher {
				draft.notice.Language = string(say.LangOf(string(p.school.Language)))
			}
			drafts = append(drafts, draft)
		}
	}
	return drafts, nil
}

func (p planner) draftFor(to recipient, matters []matter, told map[toldKey]int) draft {
	draft := draft{notice: to.notice(p.settings)}
	draft.notice.Patron, draft.notice.Kind, draft.notice.OnDay = matters[0].Patron, matters[0].Kind, p.on
	for _, matter := range matters {
		if matter.Step <= told[toldKey{matter.About, fold(to.address)}] {
			continue
		}
		draft.notice.Step = max(draft.notice.Step, matter.Step)
		if matter.Kind == kindFee {
			draft.owed = &owed{p.on, p.on.Add(1 - p.settings.Of(kindFee).EveryDays)}
			continue
		}
		draft.loans = append(draft.loans, draftLoan{matter.About, matter.Day, matter.Step})
	}
	return draft
}

// languageOf is the family's language when Carrel speaks it, else the school's.
func languageOf(family string, school say.Lang) say.Lang {
	for _, lang := range []say.Lang{say.Spanish, say.English} {
		if strings.HasPrefix(strings.ToLower(family), string(lang)) {
			return lang
		}
	}
	return say.LangOf(string(school))
}

// toldKey is a loan, or a patron who owes, and an address that was told.
type toldKey struct{ about, recipient string }

// told is the highest step at which each recipient was told of what a kind looks at.
func (p planner) told(kind string) (map[toldKey]int, error) {
	if kind == kindFee {
		return p.reminded()
	}
	var rows []collections.NoticeLoan
	err := p.app.DB().Select("nl.loan", "nl.recipient", "MAX(nl.step) AS step").From(collections.Loans+" l").
		InnerJoin(collections.NoticeLoans+" nl", dbx.NewExp("nl.loan = l.id AND nl.kind = {:kind} AND nl.due = l.due", dbx.Params{"kind": kind})).
		Where(p.scope(kind)).GroupBy("nl.loan", "nl.recipient").All(&rows)
	told := make(map[toldKey]int, len(rows))
	for _, row := range rows {
		key := toldKey{row.Loan, fold(row.Recipient)}
		told[key] = max(told[key], row.Step)
	}
	return told, err
}

// reminded is who was told of money so lately that it is not said again.
func (p planner) reminded() (map[toldKey]int, error) {
	rows, err := collections.All[collections.NoticeReminder](p.app, "told >= {:since}", "",
		dbx.Params{"since": p.on.Add(1 - p.settings.Of(kindFee).EveryDays).String()})
	told := make(map[toldKey]int, len(rows))
	for _, row := range rows {
		told[toldKey{row.Patron, fold(row.Recipient)}] = 1
	}
	return told, err
}

// forgetReminders drops what is remembered of those who owe nothing any more.
func forgetReminders(app core.App) error {
	_, err := app.DB().NewQuery(`DELETE FROM notice_reminders WHERE NOT EXISTS
		(SELECT 1 FROM fees f WHERE f.patron = notice_reminders.patron AND f.state = 'open')`).Execute()
	return err
}

// write puts the drafts down, each whole, and returns those that were not already there.
func write(app core.App, drafts []draft, now time.Time) ([]draft, error) {
	if len(drafts) == 0 {
		return nil, nil
	}
	bulk, err := store.NewBulk(app, false)
	if err != nil {
		return nil, err
	}
	defer bulk.Abort()
	var written []draft
	for _, draft := range drafts {
		err := bulk.Do(func(b *store.Bulk) error {
			err := put(b, &draft, instant(now))
			if !draft.empty() {
				written = append(written, draft)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return written, bulk.Flush()
}

const insertLoan = `INSERT INTO notice_loans (id, notice, loan, kind, step, recipient, due)
	SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (SELECT 1 FROM notice_loans
		WHERE loan = ?3 AND kind = ?4 AND recipient = ?6 AND due = ?7 AND step >= ?5)
	RETURNING id`

const insertNotice = `INSERT INTO notices
	(id, patron, kind, step, on_day, channel, recipient, audience, language, disclosure, state, error, created, updated)
	VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13)`

const upsertReminder = `INSERT INTO notice_reminders (id, patron, recipient, told, created, updated) VALUES (?1, ?2, ?3, ?4, ?6, ?6)
	ON CONFLICT (patron, recipient) DO UPDATE SET told = ?4, updated = ?6 WHERE told < ?5
	RETURNING id`

// put writes one draft and leaves in it what was new: another run may have been faster since the plan was made.
func put(b *store.Bulk, draft *draft, now string) error {
	notice, id := draft.notice, core.GenerateDefaultRandomId()
	var fresh []draftLoan
	for _, loan := range draft.loans {
		isNew, err := answers(b, insertLoan, core.GenerateDefaultRandomId(), id, loan.loan, notice.Kind, loan.step, notice.Recipient, loan.due.String())
		if err != nil {
			return err
		}
		if isNew {
			fresh = append(fresh, loan)
		}
	}
	draft.loans = fresh
	if owed := draft.owed; owed != nil {
		isNew, err := answers(b, upsertReminder, core.GenerateDefaultRandomId(), notice.Patron, notice.Recipient, owed.on.String(), owed.before.String(), now)
		if err != nil {
			return err
		}
		if !isNew {
			draft.owed = nil
		}
	}
	if draft.empty() {
		return nil
	}
	return b.Exec(insertNotice, id, notice.Patron, notice.Kind, notice.Step, notice.OnDay.String(), notice.Channel, notice.Recipient,
		notice.Audience, notice.Language, notice.Disclosure, notice.State, notice.Error, now)
}

// answers tells whether a statement wrote a row.
func answers(b *store.Bulk, statement string, args ...any) (bool, error) {
	row, err := b.Row(statement, args...)
	if err != nil {
		return false, err
	}
	var id string
	err = row.Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
