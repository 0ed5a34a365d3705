package notices

import (
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/google/go-cmp/cmp"
)

func TestPreviewCountsByHomeroom(t *testing.T) {
	s := newSchool(t)
	ana, luis, teacher := s.child("Ana", ""), s.child("Luis", ""), s.child("Zoe", "")
	luis.Homeroom = s.homeroom("4B").ID
	s.Save(luis)
	teacher.Homeroom = ""
	s.Save(teacher)
	s.lend(ana, "2026-11-05")
	s.lend(ana, "2026-11-06")
	s.lend(luis, "2026-11-05")
	s.lend(luis, "2026-11-20")
	s.lend(teacher, "2026-11-05")
	late, err := Preview(s.App, day(t, "2026-11-16"), Part{}, morning())
	if err != nil {
		t.Fatal(err)
	}
	want := []LateHomeroom{
		{ID: NoRoom, Patrons: 1, Loans: 1, Pages: 1},
		{ID: s.homeroom("4B").ID, Name: "4B", Patrons: 1, Loans: 1, Pages: 1},
		{ID: s.homeroom("Room 12").ID, Name: "Room 12", Patrons: 1, Loans: 2, Pages: 1},
	}
	if diff := cmp.Diff(want, late.Homerooms); diff != "" {
		t.Error(diff)
	}
	if late.Patrons != 3 || late.Loans != 4 || late.Pages != 3 {
		t.Errorf("%+v", late)
	}
}

func TestList(t *testing.T) {
	s := newSchool(t)
	many(t, s, 5, 2)
	s.lend(s.child("Ana", ""), "2026-11-05")
	s.choose("2026-11-16")
	all, err := List(s.App, Asked{Lang: say.English, Money: true}, morning())
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Items) != 6 || all.TotalItems != 6 || all.Counts["queued"] != 6 || all.Counts["unknown"] != 0 {
		t.Errorf("%+v", all)
	}
	var paper Listed
	for _, item := range all.Items {
		if item.Channel == channelPaper {
			paper = item
		}
	}
	want := Listed{
		ID: paper.ID, Patron: ListedPatron{"Ana Ramírez", "20000001", "Room 12"}, Kind: "overdue", Step: 1, Channel: "paper", Audience: "guardians",
		State: "queued", Count: 1, Language: "en", Created: "2026-11-16T13:00:00Z",
	}
	if diff := cmp.Diff(want, paper); diff != "" {
		t.Error(diff)
	}
	for _, filter := range []struct {
		asked Asked
		want  int
	}{{Asked{Channel: channelPaper}, 1}, {Asked{Kind: kindOverdue}, 6}, {Asked{Kind: kindDueSoon}, 0}, {Asked{State: collections.NoticeQueued, Channel: channelMail}, 5}} {
		part, err := List(s.App, filter.asked, morning())
		if err != nil || part.TotalItems != filter.want || len(part.Items) != filter.want {
			t.Errorf("%+v: %d of %d, %v", filter.asked, len(part.Items), part.TotalItems, err)
		}
	}
	seen := map[string]bool{}
	for page := 1; page <= 3; page++ {
		part, err := List(s.App, Asked{State: collections.NoticeQueued, Page: page, PerPage: 2}, morning())
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range part.Items {
			seen[item.ID] = true
		}
	}
	if len(seen) != 6 {
		t.Errorf("%d notices on three pages", len(seen))
	}
	none, err := List(s.App, Asked{State: collections.NoticeFailed, Page: 1, PerPage: 50}, morning())
	if err != nil || len(none.Items) != 0 || none.TotalItems != 0 || none.Items == nil {
		t.Errorf("%+v, %v", none, err)
	}
}

func TestEverySentenceIsKnown(t *testing.T) {
	keys := []string{
		"no_server", "server_away", "clock_behind", "bad_address", "unknown", "unknown_notice", "not_failed", "no_slips", "bad_template",
		"unknown_placeholder", "and", "books.one", "books.other", "line.one", "line.other", "soon.one", "soon.other",
		"held.one", "held.other", "how_to_stop", "optout_asked", "optout_unknown", "optout_gone", "bad_certificate", "sum.others.one", "sum.others.other",
		"test.subject", "test.text", "test.sent", "test.failed", "test.unsure", "test.address", "template.kind", "template.language", "template.empty",
		"template.long", "template.lines", "template.gone", "sum.dry.one", "sum.dry.other", "part.rooms", "part.unknown", "part.to", "part.off",
		"slip.fold_in", "slip.fold_back",
		"sum.selected.one", "sum.selected.other", "sum.sent.one", "sum.sent.other", "sum.paper.one", "sum.paper.other", "sum.failed.one",
		"sum.failed.other", "sum.unknown.one", "sum.unknown.other", "sum.cancelled.one", "sum.cancelled.other", "sum.waiting.one", "sum.waiting.other",
	}
	for _, kind := range kinds {
		for step := range worded[kind] {
			for _, part := range []string{"heading", "opening", "closing"} {
				keys = append(keys, strings.TrimPrefix(slipWords(kind, step+1), "notices.")+"."+part)
			}
		}
		if kind != kindClaim && kind != kindFee {
			keys = append(keys, "slip."+kind+".day")
		}
	}
	for _, code := range spokenTypes {
		if code != "" {
			keys = append(keys, "type."+code+".one", "type."+code+".other")
		}
	}
	for _, key := range keys {
		for _, lang := range []say.Lang{say.English, say.Spanish} {
			if key = "notices." + key; say.T(key).In(lang) == key {
				t.Errorf("%s is not said", key)
			}
			key = key[len("notices."):]
		}
	}
}

func TestSummaryInWords(t *testing.T) {
	summary := Summary{Selected: 3, Queued: 2, Paper: 1, Sent: 1, Waiting: 1, Why: say.T("notices.no_server")}
	want := "3 late loans to tell families about. 1 notice was sent by mail. 1 slip is ready to print. 1 notice waits in the queue. " +
		"No mail server is set up yet. Mail goes out as soon as there is one; slips can be printed now."
	if diff := cmp.Diff(want, summary.In(say.English)); diff != "" {
		t.Error(diff)
	}
}

func TestNoSlipsWhenNobodyIsLate(t *testing.T) {
	s := newSchool(t)
	if err := Slips(s.App, t.Output(), day(t, "2026-11-16"), Part{}, morning()); fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
	if _, err := PrintQueued(s.App, t.Output(), morning()); fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
}
