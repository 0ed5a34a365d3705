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

	"github.com/pocketbase/pocketbase/core"
)

// draft is a notice not yet written down.
type draft struct {
	notice collections.Notice
	loans  []draftLoan
}

type draftLoan struct {
	loan string
	due  policy.Day
	step int
}

// Select writes down a notice for each patron and recipient who was not yet told of a loan at the step it has reached on that
// day. A second run, or one killed at any point and started again, adds only what is missing.
func Select(app core.App, on policy.Day, now time.Time) (Summary, error) {
	const op = "notices.Select"
	drafts, err := plan(app, on)
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
	drafts, err := plan(app, on)
	summary := count(on, drafts)
	summary.DryRun = true
	return summary, fault.Wrap("notices.Run", err)
}

func count(on policy.Day, drafts []draft) Summary {
	summary := Summary{On: on}
	loans := map[string]bool{}
	for _, draft := range drafts {
		for _, loan := range draft.loans {
			loans[loan.loan] = true
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

// plan drafts the notices of a day, with three queries however many loans are out.
func plan(app core.App, on policy.Day) ([]draft, error) {
	school, err := site.Load(app)
	if err != nil {
		return nil, err
	}
	patrons, err := lateBy(app, on)
	if err != nil {
		return nil, err
	}
	told, err := toldSteps(app)
	if err != nil {
		return nil, err
	}
	var drafts []draft
	for _, loans := range patrons {
		patron := loans[0]
		for _, to := range recipients(patron.GuardianEmail, patron.Email) {
			if draft := draftFor(to, loans, on, told); len(draft.loans) > 0 {
				draft.notice.Language = string(languageOf(patron.Language, school.Language))
				drafts = append(drafts, draft)
			}
		}
	}
	return drafts, nil
}

func draftFor(to recipient, loans []matter, on policy.Day, told map[toldKey]int) draft {
	draft := draft{notice: to.notice()}
	draft.notice.Patron, draft.notice.Kind, draft.notice.OnDay = loans[0].Patron, kindOverdue, on
	for _, loan := range loans {
		step := stepFor(int(on - loan.Day))
		if step <= told[toldKey{loan.About, fold(to.address)}] {
			continue
		}
		draft.loans = append(draft.loans, draftLoan{loan.About, loan.Day, step})
		draft.notice.Step = max(draft.notice.Step, step)
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

type toldKey struct{ loan, recipient string }

// toldSteps is the highest step at which each recipient was told of each open loan.
func toldSteps(app core.App) (map[toldKey]int, error) {
	var rows []collections.NoticeLoan
	err := app.DB().NewQuery(`SELECT nl.loan, nl.recipient, MAX(nl.step) AS step FROM notice_loans nl
		JOIN loans l ON l.id = nl.loan AND l.due = nl.due AND l.state = 'open'
		WHERE nl.kind = '` + kindOverdue + `' GROUP BY nl.loan, nl.recipient`).All(&rows)
	told := make(map[toldKey]int, len(rows))
	for _, row := range rows {
		key := toldKey{row.Loan, fold(row.Recipient)}
		told[key] = max(told[key], row.Step)
	}
	return told, err
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
			if len(draft.loans) > 0 {
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
	(id, patron, kind, step, on_day, channel, recipient, language, disclosure, state, error, created, updated)
	VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)`

// put writes one draft and leaves in it the loans that were new: another run may have been faster since the plan was made.
func put(b *store.Bulk, draft *draft, now string) error {
	notice, id := draft.notice, core.GenerateDefaultRandomId()
	var fresh []draftLoan
	for _, loan := range draft.loans {
		row, err := b.Row(insertLoan, core.GenerateDefaultRandomId(), id, loan.loan, notice.Kind, loan.step, notice.Recipient, loan.due.String())
		if err != nil {
			return err
		}
		var inserted string
		if err := row.Scan(&inserted); errors.Is(err, sql.ErrNoRows) {
			continue
		} else if err != nil {
			return err
		}
		fresh = append(fresh, loan)
	}
	if draft.loans = fresh; len(fresh) == 0 {
		return nil
	}
	return b.Exec(insertNotice, id, notice.Patron, notice.Kind, notice.Step, notice.OnDay.String(), notice.Channel, notice.Recipient,
		notice.Language, notice.Disclosure, notice.State, notice.Error, now)
}
