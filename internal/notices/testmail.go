package notices

import (
	"context"
	"strings"
	"time"

	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// SendTest sends one mail to an address, as notices are sent, and returns the sentence that says so. It writes nothing down. The codes
// are fault.Invalid at "address", and fault.Conflict when no mail server is set up or the server did not take it, with the server's own words.
func SendTest(ctx context.Context, app core.App, address string, now func() time.Time, lang say.Lang) (say.Text, error) {
	const op = "notices.SendTest"
	if address = strings.Trim(address, " "); !usable(address) {
		return say.Text{}, fault.New(op, fault.Invalid, "notices.test.address").At("address")
	}
	s, err := newSender(app, now)
	if err != nil {
		return say.Text{}, fault.Wrap(op, err)
	}
	defer s.post.close()
	if !s.ready() {
		return say.Text{}, fault.New(op, fault.Conflict, "notices.no_server")
	}
	content, err := message{
		id: "test-" + core.GenerateDefaultRandomId(), from: s.from, to: address, lang: string(lang), date: now().In(s.school.Location()),
		subject: say.T("notices.test.subject", s.school.Name).In(lang), text: say.T("notices.test.text", s.school.Name).In(lang),
	}.bytes()
	if err != nil {
		return say.Text{}, fault.Wrap(op, err)
	}
	failure := s.post.deliver(ctx, parcel{from: s.from.Address, to: address, content: content, claim: func() error { return nil }})
	switch {
	case failure == nil:
		return say.T("notices.test.sent", address), nil
	case failure.fate == unsure:
		return say.Text{}, fault.New(op, fault.Conflict, "notices.test.unsure")
	}
	return say.Text{}, fault.New(op, fault.Conflict, "notices.test.failed", say.T(failure.Error()))
}
