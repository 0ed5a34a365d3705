package notices

import (
	"context"
	"errors"
	"net/mail"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// backOff is how long a notice waits after its first, second … try; the last goes on for ever.
var backOff = []time.Duration{5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour}

// maxDeferred is how many letters in a row a server may put off before it counts as busy for everybody.
const maxDeferred = 3

func retryAfter(attempts int) time.Duration {
	return backOff[min(max(attempts, 1), len(backOff))-1]
}

// sender is one run through the queue.
type sender struct {
	app      core.App
	now      func() time.Time
	measure  measure
	wordings map[wordingKey]wording
	school   site.School
	currency string
	from     mail.Address
	post     *post
	summary  Summary
	deferred int // letters put off in a row
}

// Send mails what is due in the queue; with all, also what waits for a later try. It waits for another run to end first. A
// cancelled context ends it between two mails. A template that cannot be used is fault.Invalid, and nothing is sent.
func Send(ctx context.Context, app core.App, now func() time.Time, all bool) (Summary, error) {
	return sendKinds(ctx, app, now, all, kinds, Part{})
}

func sendKinds(ctx context.Context, app core.App, now func() time.Time, all bool, kinds []string, part Part) (Summary, error) {
	const op = "notices.Send"
	unlock, err := lockSending(ctx, app.DataDir())
	if err != nil {
		return Summary{}, fault.Wrap(op, err)
	}
	defer unlock()
	s, err := newSender(app, now)
	if err != nil {
		return Summary{}, fault.Wrap(op, err)
	}
	defer s.post.close()
	err = s.run(ctx, all, kinds, part)
	return s.summary, fault.Wrap(op, err)
}

func newSender(app core.App, now func() time.Time) (*sender, error) {
	mail, err := site.LoadMail(app)
	if err != nil {
		return nil, err
	}
	s := &sender{app: app, now: now, post: &post{settings: app.Settings().SMTP, plain: mail.TLS == site.NoTLS}}
	if s.wordings, err = loadWordings(app); err != nil {
		return nil, err
	}
	if s.school, err = site.Load(app); err != nil {
		return nil, err
	}
	if s.measure, err = measureOf(app, now()); err != nil {
		return nil, err
	}
	fees, err := site.LoadFees(app)
	if err != nil {
		return nil, err
	}
	s.currency = fees.Currency
	s.from = senderOf(app, s.school)
	return s, nil
}

// senderOf is the sender of the mail settings. The platform calls a sender nobody has named "Support": the school's name says more.
func senderOf(app core.App, school site.School) mail.Address {
	meta := app.Settings().Meta
	from := mail.Address{Name: meta.SenderName, Address: meta.SenderAddress}
	if from.Name == "" || from.Name == "Support" {
		from.Name = school.Name
	}
	from.Name = oneLine(from.Name)
	return from
}

func (s *sender) run(ctx context.Context, all bool, kinds []string, part Part) (err error) {
	if s.summary.Unknown, err = abandon(s.app, s.now()); err != nil {
		return err
	}
	if s.summary.Cancelled, err = s.measure.cancelSettled(s.app, s.now()); err != nil {
		return err
	}
	if err = s.sendAll(ctx, all, kinds, part); err != nil {
		return err
	}
	err = s.app.DB().Select("count(*)").From(collections.Notices).
		Where(dbx.HashExp{"state": collections.NoticeQueued, "channel": channelMail}).Row(&s.summary.Waiting)
	if s.summary.Waiting == 0 {
		s.summary.Why = say.Text{}
	}
	return err
}

// ready tells whether a mail server is set up, and who writes.
func (s *sender) ready() bool { return canMail(s.app, s.school) }

func canMail(app core.App, school site.School) bool {
	return app.Settings().SMTP.Enabled && usable(senderOf(app, school).Address)
}

func (s *sender) sendAll(ctx context.Context, all bool, kinds []string, part Part) error {
	if !s.ready() {
		s.summary.Why = say.T("notices.no_server")
		return nil
	}
	envelopes, err := waiting(s.app, s.now(), all, kinds, part)
	if err != nil {
		return err
	}
	for _, envelope := range envelopes {
		if err := ctx.Err(); err != nil {
			return err
		}
		letter, cancelled, ok, err := s.measure.open(s.app, envelope, s.now())
		s.summary.Cancelled += cancelled
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if goOn, err := s.send(ctx, letter); err != nil || !goOn {
			return err
		}
	}
	return nil
}

// send mails one letter and writes down what became of it. goOn is false when the rest of the queue has to wait.
func (s *sender) send(ctx context.Context, l letter) (goOn bool, err error) {
	content, err := s.write(l)
	if err != nil {
		return false, err
	}
	// A stop of the program does not cut a conversation short: a mail broken off after its last line is one nobody knows of.
	failure := s.post.deliver(context.WithoutCancel(ctx), parcel{
		from: s.from.Address, to: l.recipient, content: content,
		claim: func() error { return s.measure.claim(s.app, l, s.now()) },
	})
	if failure == nil {
		s.deferred = 0
		s.summary.Sent += len(l.notices)
		return true, s.settle(l, collections.NoticeSent, dbx.Params{"sent_at": instant(s.now()), "error": ""})
	}
	return s.failed(l, failure)
}

func (s *sender) failed(l letter, failure *undelivered) (goOn bool, err error) {
	why := failure.Error()
	switch failure.fate {
	case withheld:
		if errors.Is(failure.err, errChanged) {
			return true, nil // it stays in the queue for the next run
		}
		return false, failure.err
	case refused:
		s.deferred = 0
		s.summary.Failed += len(l.notices)
		return true, s.settle(l, collections.NoticeFailed, dbx.Params{"error": why})
	case unsure:
		s.summary.Unknown += len(l.notices)
		err = s.settle(l, collections.NoticeUnknown, dbx.Params{"error": "notices.unknown"})
	default:
		s.deferred++
		err = s.putBack(l, why)
	}
	if err != nil || failure.fate == deferred && s.deferred < maxDeferred {
		return err == nil, err
	}
	hold := retryAfter(l.attempts + 1)
	if failure.fate == deferred {
		hold = retryAfter(1) // less than those who were put off wait in the end, so that they do not block the others for ever
	}
	s.summary.Why = say.T("notices.server_away", say.T(why))
	return false, holdAll(s.app, s.now().Add(hold), why)
}

func (s *sender) putBack(l letter, why string) error {
	next := s.now().Add(retryAfter(l.attempts + 1))
	return s.settle(l, collections.NoticeQueued, dbx.Params{"next_try": instant(next), "error": why})
}

func (s *sender) settle(l letter, state string, change dbx.Params) error {
	change["state"], change["attempts"], change["updated"] = state, l.attempts+1, instant(s.now())
	return settle(s.app, l, change)
}

// write puts the letter into words.
func (s *sender) write(l letter) ([]byte, error) {
	subject, text, err := s.wordings[l.wording()].fill(l, s.school, s.currency)
	if err != nil {
		return nil, err
	}
	m := message{
		id: l.notices[0], from: s.from, to: l.recipient, subject: subject, text: text, lang: string(l.lang),
		date: s.now().In(s.school.Location()),
	}
	if courtesy(l.kind) {
		m.unsubscribe = m.id
		m.text = strings.TrimRight(m.text, "\n") + "\n\n" + say.T("notices.how_to_stop", s.from.Address, unsubscribeWord+" "+m.id).In(l.lang)
	}
	return m.bytes()
}
