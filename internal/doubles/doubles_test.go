package doubles_test

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/desk"
	"carrel/internal/doubles"
	"carrel/internal/fault"
	"carrel/internal/store"
	"carrel/internal/testkit"

	"github.com/pocketbase/dbx"
	"pgregory.net/rapid"
)

var monday = time.Date(2026, 9, 14, 9, 0, 0, 0, time.UTC)

func wordOf(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Word
	}
	return ""
}

// shop is a library with doubles in it, and a clock.
type shop struct {
	testkit.Library
	t      interface{ Fatalf(string, ...any) }
	titles []string
	now    time.Time
	acts   int
}

func newShop(t testing.TB, titles int) *shop {
	s := &shop{Library: testkit.NewLibrary(t), t: t, now: monday}
	s.Rule("", "", `{"loan_days": 21, "loan_limit": 50, "hold_limit": 50}`)
	for i := range titles {
		s.titles = append(s.titles, s.Item(fmt.Sprintf("T%d", i)).Title)
		s.Copy(fmt.Sprintf("U%d", i), s.titles[i])
	}
	for i := range 4 {
		s.Patron(fmt.Sprintf("P%d", i))
	}
	s.run("UPDATE items SET marc_index = 7")
	s.run("UPDATE titles SET sort_title = 'hatchet', year = 1987")
	if err := catalog.Reindex(s.App, false, nil); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *shop) act() desk.Act {
	s.acts++
	s.now = s.now.Add(time.Minute)
	return desk.Act{Key: fmt.Sprintf("act-key-%d", s.acts), At: s.now, Now: s.now, Actor: desk.Actor{Door: "staff", ID: "dana", Role: collections.Librarian}}
}

func (s *shop) run(query string) {
	if _, err := s.App.DB().NewQuery(query).Execute(); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
}

func (s *shop) join(keep string, titles ...string) doubles.Merge {
	act := s.act()
	merge, err := doubles.Join(s.App, doubles.Request{Key: act.Key, Keep: keep, Titles: titles, Act: act})
	if err != nil {
		s.t.Fatalf("merging: %v", err)
	}
	return merge
}

func (s *shop) part(merge doubles.Merge) {
	if _, err := doubles.Part(s.App, merge.ID, s.act()); err != nil {
		s.t.Fatalf("parting: %v", err)
	}
}

func (s *shop) hold(patron, title string) {
	if _, err := desk.PlaceHold(s.App, desk.HoldRequest{Act: s.act(), Patron: patron, Title: title}); err != nil && fault.CodeOf(err) != fault.Refused {
		s.t.Fatalf("%v", err)
	}
}

func (s *shop) lend(patron, item string) {
	if _, err := desk.CheckOut(s.App, desk.CheckOutRequest{Act: s.act(), Patron: patron, Item: item}); err != nil && fault.CodeOf(err) != fault.Refused {
		s.t.Fatalf("%v", err)
	}
}

// dump is every row that a merge may touch; when a hold was last written is nobody's business.
func (s *shop) dump() string {
	var out strings.Builder
	for _, query := range []string{
		"SELECT * FROM titles ORDER BY id", "SELECT * FROM items ORDER BY id", "SELECT * FROM title_tags ORDER BY id", "SELECT * FROM restrictions ORDER BY id",
		"SELECT id, patron, title, wanted, caught, state, rank, placed_at, ready_at, pickup_by, ended_at FROM holds ORDER BY id", "SELECT key, title_id FROM title_keys ORDER BY 1, 2",
		"SELECT title_id, title, type, locations, items, available, kind FROM search_doc ORDER BY title_id",
	} {
		rows := []dbx.NullStringMap{}
		if err := s.App.DB().NewQuery(query).All(&rows); err != nil {
			s.t.Fatalf("%v", err)
		}
		for _, row := range rows {
			fmt.Fprintf(&out, "%v\n", row)
		}
	}
	return out.String()
}

// whole holds what must be true whatever happened.
func (s *shop) whole() {
	for what, where := range map[string][2]string{
		"items of a merged title":       {"items", "title IN (SELECT id FROM titles WHERE merged_into != '') OR title NOT IN (SELECT id FROM titles)"},
		"holds on a merged title":       {"holds", "ended_at = '' AND title NOT IN (SELECT id FROM titles WHERE merged_into = '')"},
		"chains of merges":              {"titles", "merged_into IN (SELECT id FROM titles WHERE merged_into != '')"},
		"holds of another title's item": {"holds JOIN items ON items.id = holds.caught", "holds.state = 'ready' AND holds.title != items.title"},
		"documents of merged titles":    {"search_doc", "title_id IN (SELECT id FROM titles WHERE merged_into != '')"},
		"titles without a document":     {"titles", "merged_into = '' AND id NOT IN (SELECT title_id FROM search_doc)"},
		"titles counted wrongly":        {"search_doc", "items != (SELECT COUNT(*) FROM items WHERE items.title = search_doc.title_id)"},
	} {
		if n := s.Count(where[0], where[1]); n != 0 {
			s.t.Fatalf("%d %s", n, what)
		}
	}
	_, err := desk.Rebuild(s.App, false, func(d desk.Difference) { s.t.Fatalf("the facts say otherwise: %+v", d) }, nil)
	if err != nil {
		s.t.Fatalf("%v", err)
	}
}

// TestPropertyMergesComeApart: any merges, one upon the other, taken back in their turn, leave every row as it was; with acts in between everything has one title.
func TestPropertyMergesComeApart(t *testing.T) {
	if err := flag.Set("rapid.checks", "30"); err != nil { // each draws a library
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		s := newShop(t, 5)
		s.t = r
		for i, title := range s.titles {
			for range rapid.IntRange(0, 3).Draw(r, "holds") {
				s.hold(fmt.Sprintf("P%d", rapid.IntRange(0, 3).Draw(r, "patron")), s.titles[rapid.IntRange(0, 4).Draw(r, "title")])
			}
			for _, tag := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"funny", "space"}), 0, 2, rapid.ID[string]).Draw(r, "tags") {
				if err := catalog.AddTag(s.App, title, tag); err != nil {
					r.Fatal(err)
				}
			}
			_ = i
		}
		before, quiet := s.dump(), true
		var open []doubles.Merge
		for range rapid.IntRange(1, 8).Draw(r, "steps") {
			var free []string
			if err := s.App.DB().NewQuery("SELECT id FROM titles WHERE merged_into = '' ORDER BY id").Column(&free); err != nil {
				r.Fatal(err)
			}
			switch step := rapid.SampledFrom([]string{"join", "join", "part", "lend", "return", "copy", "hold"}).Draw(r, "step"); {
			case step == "join" && len(free) > 1:
				chosen := rapid.Permutation(free).Draw(r, "chosen")[:rapid.IntRange(2, len(free)).Draw(r, "n")]
				open = append(open, s.join(chosen[0], chosen[1:]...))
			case step == "part" && len(open) > 0:
				s.part(open[len(open)-1])
				open = open[:len(open)-1]
			case step == "lend":
				quiet = false
				s.lend(fmt.Sprintf("P%d", rapid.IntRange(0, 3).Draw(r, "patron")), fmt.Sprintf("T%d", rapid.IntRange(0, 4).Draw(r, "item")))
			case step == "return":
				quiet = false
				if _, err := desk.Return(s.App, desk.ReturnRequest{Act: s.act(), Item: fmt.Sprintf("T%d", rapid.IntRange(0, 4).Draw(r, "item"))}); err != nil {
					r.Fatal(err)
				}
			case step == "copy":
				quiet = false
				s.Copy(fmt.Sprintf("N%d", s.acts), free[0])
				s.acts++
			case step == "hold":
				quiet = false
				s.hold(fmt.Sprintf("P%d", rapid.IntRange(0, 3).Draw(r, "patron")), free[0])
			}
			s.whole()
		}
		for _, merge := range slices.Backward(open) {
			s.part(merge)
			s.whole()
		}
		if after := s.dump(); quiet && after != before {
			r.Fatalf("before\n%s\nafter\n%s", before, after)
		}
	})
}

// TestMergesAreAskedForProperly: the same key does nothing twice, and what cannot be merged or undone is refused.
func TestMergesAreAskedForProperly(t *testing.T) {
	s := newShop(t, 4)
	act := s.act()
	request := doubles.Request{Key: act.Key, Keep: s.titles[0], Titles: []string{s.titles[1]}, Act: act}
	first, err := doubles.Join(s.App, request)
	if err != nil || first.Items != 2 || first.Name == "" {
		t.Fatalf("%+v: %v", first, err)
	}
	if again, err := doubles.Join(s.App, request); err != nil || again.ID != first.ID || s.Count("merges", "1") != 1 {
		t.Errorf("again: %+v %v", again, err)
	}
	for name, bad := range map[string]struct {
		keep   string
		titles []string
		word   string
	}{
		"another request of the key": {s.titles[0], []string{s.titles[2]}, "key_reused"},
		"a title that is merged":     {s.titles[2], []string{s.titles[1]}, "merged"},
		"into a merged one":          {s.titles[1], []string{s.titles[2]}, "merged"},
		"an unknown one":             {s.titles[2], []string{"gone"}, "unknown_title"},
		"itself":                     {s.titles[2], []string{s.titles[2]}, ""},
		"twice":                      {s.titles[2], []string{s.titles[3], s.titles[3]}, ""},
		"nothing":                    {s.titles[2], nil, ""},
	} {
		key := act.Key
		if bad.word != "key_reused" {
			key = "other-key"
		}
		_, err := doubles.Join(s.App, doubles.Request{Key: key, Keep: bad.keep, Titles: bad.titles, Act: act})
		if err == nil || bad.word != "" && wordOf(err) != bad.word || bad.word == "" && fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	second := s.join(s.titles[2], s.titles[0])
	if _, err := doubles.Part(s.App, first.ID, s.act()); wordOf(err) != "merged_since" {
		t.Errorf("undone in the middle: %v", err)
	}
	late := s.act()
	late.Now = s.now.AddDate(0, 0, 31)
	if _, err := doubles.Part(s.App, second.ID, late); wordOf(err) != "too_late" {
		t.Errorf("after 31 days: %v", err)
	}
	undo := s.act()
	for range 2 { // the same key answers the same
		if merge, err := doubles.Part(s.App, second.ID, undo); err != nil || !merge.Undone {
			t.Errorf("%+v %v", merge, err)
		}
	}
	if _, err := doubles.Part(s.App, second.ID, s.act()); wordOf(err) != "undone" {
		t.Errorf("undone again: %v", err)
	}
	if list, err := doubles.List(s.App, s.now); err != nil || len(list) != 2 || list[0].ID != second.ID {
		t.Errorf("%+v %v", list, err)
	}
}

// TestHoldsQueueByTime: those who asked first for either title are served first.
func TestHoldsQueueByTime(t *testing.T) {
	s := newShop(t, 2)
	for _, code := range []string{"T0", "U0", "T1", "U1"} {
		s.lend("P3", code)
	}
	s.hold("P0", s.titles[0])
	s.hold("P1", s.titles[1])
	s.hold("P2", s.titles[0])
	merge := s.join(s.titles[1], s.titles[0])
	queue, err := desk.HoldQueue(s.App, s.titles[1])
	if err != nil || len(queue) != 3 || queue[0].Patron != "P0" || queue[1].Patron != "P1" || queue[2].Patron != "P2" {
		t.Errorf("%+v %v", queue, err)
	}
	s.part(merge)
	s.whole()
}

// TestFind groups by the surest sign and leaves out what was merged.
func TestFind(t *testing.T) {
	s := newShop(t, 5)
	b, err := store.NewBulk(s.App, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range [][2]string{{"isbn:9781416936473:hatchet", s.titles[0]}, {"isbn:9781416936473:hatchet", s.titles[1]}, {"lccn:86024576", s.titles[0]}, {"lccn:86024576", s.titles[1]},
		{"lccn:1", s.titles[2]}, {"lccn:1", s.titles[3]}} {
		if err := b.Do(func(b *store.Bulk) error {
			return b.Exec("INSERT INTO title_keys (key, title_id) VALUES (?, ?)", key[0], key[1])
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Flush(); err != nil {
		t.Fatal(err)
	}
	whys := func() (found []string) {
		groups, err := doubles.Find(s.App)
		if err != nil {
			t.Fatal(err)
		}
		for _, group := range groups {
			found = append(found, fmt.Sprintf("%s %d", group.Why, len(group.Titles)))
		}
		return found
	}
	if got := whys(); !slices.Equal(got, []string{"isbn 2", "lccn 2", "title 5"}) {
		t.Errorf("%q", got)
	}
	s.run("UPDATE titles SET sort_title = id")
	if err := catalog.Reindex(s.App, false, nil); err != nil {
		t.Fatal(err)
	}
	s.run("UPDATE titles SET merged_into = '" + s.titles[2] + "' WHERE id = '" + s.titles[3] + "'")
	if got := whys(); !slices.Equal(got, []string{"isbn 2"}) {
		t.Errorf("%q", got)
	}
}
