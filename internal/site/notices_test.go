package site

import (
	"errors"
	"testing"

	"carrel/internal/fault"
	"carrel/internal/testkit"

	"github.com/google/go-cmp/cmp"
)

func TestNoticesOfAFreshLibrary(t *testing.T) {
	notices, err := LoadNotices(testkit.App(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := notices.check(); err != nil {
		t.Error(err)
	}
	on := []string{}
	for _, kind := range notices.named() {
		if kind.On {
			on = append(on, kind.name)
		}
	}
	if diff := cmp.Diff([]string{NoticeOverdue, NoticeHoldReady, NoticeHoldExpired}, on); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{1, 14, 28}, notices.Of(NoticeOverdue).Steps); diff != "" {
		t.Error(diff)
	}
}

func TestNoticesThatCannotBe(t *testing.T) {
	app := testkit.App(t)
	for name, test := range map[string]struct {
		change func(*Notices)
		field  string
	}{
		"an unknown profile":       {func(n *Notices) { n.Profile = "all" }, "profile"},
		"an unknown level":         {func(n *Notices) { n.Disclosure.Teacher = "" }, "disclosure.teacher"},
		"no such hour":             {func(n *Notices) { n.Kinds.Fee.Hour = 24 }, "fee.hour"},
		"an unknown channel":       {func(n *Notices) { n.Kinds.Claim.Channel = "pigeon" }, "claim.channel"},
		"nobody to write to":       {func(n *Notices) { n.Kinds.Overdue.To = nil }, "overdue.to"},
		"somebody unknown":         {func(n *Notices) { n.Kinds.Overdue.To = []string{"principal"} }, "overdue.to"},
		"money told to a teacher":  {func(n *Notices) { n.Kinds.Fee.To = []string{ToTeacher} }, "fee.to"},
		"steps that fall":          {func(n *Notices) { n.Kinds.Overdue.Steps = []int{14, 1} }, "overdue.steps"},
		"a step twice":             {func(n *Notices) { n.Kinds.Overdue.Steps = []int{1, 1} }, "overdue.steps"},
		"no step":                  {func(n *Notices) { n.Kinds.Overdue.Steps = nil }, "overdue.steps"},
		"a step on the day itself": {func(n *Notices) { n.Kinds.Overdue.Steps = []int{0, 1} }, "overdue.steps"},
		"soon steps that rise":     {func(n *Notices) { n.Kinds.DueSoon.Steps = []int{1, 5} }, "due_soon.steps"},
		"steps of a hold":          {func(n *Notices) { n.Kinds.HoldReady.Steps = []int{1} }, "hold_ready.steps"},
		"no amount":                {func(n *Notices) { n.Kinds.Fee.Owed = "much" }, "fee.owed"},
		"told of nothing":          {func(n *Notices) { n.Kinds.Fee.Owed = "0" }, "fee.owed"},
		"told every day":           {func(n *Notices) { n.Kinds.Fee.EveryDays = 1 }, "fee.every_days"},
	} {
		notices := defaultNotices()
		test.change(&notices)
		var refused *fault.Error
		if err := SaveNotices(app, notices); !errors.As(err, &refused) || refused.Code != fault.Invalid || refused.Field != test.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	kept, err := LoadNotices(app)
	if diff := cmp.Diff(defaultNotices(), kept); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestHowMuchIsTold(t *testing.T) {
	notices := defaultNotices()
	notices.Disclosure = NoticeDisclosure{Guardians: DiscloseTitle, Patron: DiscloseType, Teacher: DiscloseTitle, Paper: DiscloseCount}
	for profile, want := range map[Disclosure][4]Disclosure{
		DiscloseCount: {DiscloseCount, DiscloseCount, DiscloseCount, DiscloseCount},
		DiscloseType:  {DiscloseType, DiscloseType, DiscloseType, DiscloseCount},
		DiscloseTitle: {DiscloseTitle, DiscloseType, DiscloseTitle, DiscloseCount},
		"":            {DiscloseCount, DiscloseCount, DiscloseCount, DiscloseCount},
	} {
		notices.Profile = profile
		got := [4]Disclosure{
			notices.Tell(ToGuardians, ByMail), notices.Tell(ToPatron, ByMail), notices.Tell(ToTeacher, ByMail), notices.Tell(ToGuardians, OnPaper),
		}
		if got != want {
			t.Errorf("%q: %v, want %v", profile, got, want)
		}
	}
}

// What one reads into the defaults does not reach the next.
func TestSavedNoticesAreRead(t *testing.T) {
	app := testkit.App(t)
	notices := defaultNotices()
	notices.Kinds.Overdue.Steps, notices.Kinds.DueSoon.On = []int{3}, true
	if err := SaveNotices(app, notices); err != nil {
		t.Fatal(err)
	}
	kept, err := LoadNotices(app)
	if diff := cmp.Diff(notices, kept); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if diff := cmp.Diff([]int{1, 14, 28}, defaultNotices().Kinds.Overdue.Steps); diff != "" {
		t.Error(diff)
	}
}
