package lists_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/lists"
	"carrel/internal/policy"
	"carrel/internal/testkit"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"
	"pgregory.net/rapid"
)

type shelf struct{ testkit.Library }

func newShelf(t *testing.T) shelf {
	t.Helper()
	s := shelf{testkit.NewLibrary(t)}
	if _, err := s.App.DB().NewQuery("DELETE FROM title_lists").Execute(); err != nil {
		t.Fatal(err)
	}
	return s
}

// titles adds that many titles and answers their ids.
func (s shelf) titles(n int) (ids []string) {
	s.T.Helper()
	for i := range n {
		ids = append(ids, s.Item(fmt.Sprint("B", i)).Title)
	}
	return ids
}

func (s shelf) list(titles ...string) lists.List {
	s.T.Helper()
	list, err := lists.Add(s.App, lists.List{Name: "Space and stars", Kind: "display", Shown: true}, titles)
	if err != nil {
		s.T.Fatal(err)
	}
	return list
}

func (s shelf) change(id string, change lists.Change) lists.List {
	s.T.Helper()
	list, err := lists.SetTitles(s.App, id, change)
	if err != nil {
		s.T.Fatal(err)
	}
	return list
}

func (s shelf) in(list lists.List) []string {
	s.T.Helper()
	hits, err := lists.Titles(s.App, list, 0)
	if err != nil {
		s.T.Fatal(err)
	}
	ids := []string{}
	for _, hit := range hits {
		ids = append(ids, hit.ID)
	}
	return ids
}

func wordOf(err error) string {
	var refusal *fault.Error
	if !errors.As(err, &refusal) {
		return ""
	}
	return refusal.Word + "@" + refusal.Field
}

func TestChosenList(t *testing.T) {
	s := newShelf(t)
	ids := s.titles(4)
	list := s.list(ids[0], ids[1], ids[0])
	if list.Titles != 2 || list.Updated == "" {
		t.Errorf("%+v", list)
	}
	s.change(list.ID, lists.Change{Add: []string{ids[3], ids[1]}, Remove: []string{ids[0]}, Order: []string{ids[3], "gone", ids[3]}})
	if diff := cmp.Diff([]string{ids[3], ids[1]}, s.in(list)); diff != "" {
		t.Error(diff)
	}
	if some, err := lists.Titles(s.App, list, 1); err != nil || len(some) != 1 || some[0].ID != ids[3] {
		t.Errorf("%v %v", some, err)
	}
	if of, err := lists.Of(s.App, ids[1]); err != nil || len(of) != 1 || of[0].Name != "Space and stars" {
		t.Errorf("%v %v", of, err)
	}
	if _, err := lists.SetTitles(s.App, list.ID, lists.Change{Add: []string{ids[0], "nothing"}}); wordOf(err) != "@add.1" {
		t.Error(err)
	}
	if got := s.in(list); len(got) != 2 {
		t.Errorf("half of a change was kept: %v", got)
	}
}

// A title that was merged into another one is the other one in every list, once.
func TestMergedTitle(t *testing.T) {
	s := newShelf(t)
	ids := s.titles(3)
	list := s.list(ids...)
	for _, query := range []string{"UPDATE titles SET merged_into = {:kept} WHERE id = {:gone}", "DELETE FROM search_doc WHERE title_id = {:gone}"} {
		if _, err := s.App.DB().NewQuery(query).Bind(dbx.Params{"kept": ids[2], "gone": ids[0]}).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{ids[2], ids[1]}, s.in(list)); diff != "" {
		t.Error(diff)
	}
	list = s.change(list.ID, lists.Change{Add: []string{ids[0]}})
	if list.Titles != 2 {
		t.Errorf("%d titles", list.Titles)
	}
	if of, err := lists.Of(s.App, ids[2]); err != nil || len(of) != 1 {
		t.Errorf("%v %v", of, err)
	}
	s.change(list.ID, lists.Change{Order: []string{ids[1]}})
	if n := s.Count("title_list_entries", "title = '"+ids[0]+"'"); n != 1 {
		t.Error("the entry is gone: when the merge is taken back the title is in no list")
	}
}

func TestListThatFillsItself(t *testing.T) {
	s := newShelf(t)
	list, err := lists.Add(s.App, lists.List{Name: "Axes", Kind: "topic", Shown: true, Search: "?q=hatchet"}, nil)
	if err != nil || list.Search != "q=hatchet" || list.Titles != 0 {
		t.Fatalf("%+v %v", list, err)
	}
	if shown, err := lists.Shown(s.App, 20_000); err != nil || len(shown) != 0 {
		t.Errorf("an empty topic is shown: %v %v", shown, err)
	}
	if _, err := lists.SetTitles(s.App, list.ID, lists.Change{Add: s.titles(1)}); wordOf(err) != "fills_itself@add" {
		t.Error(err)
	}
}

func TestShownOnItsDays(t *testing.T) {
	s := newShelf(t)
	list := s.list(s.titles(1)...)
	list.From, list.Until = "2026-11-01", "2026-11-30"
	list, err := lists.Save(s.App, list)
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]bool{"2026-10-31": false, "2026-11-01": true, "2026-11-30": true, "2026-12-01": false} {
		on, _ := policy.ParseDay(day)
		shown, err := lists.Shown(s.App, on)
		if err != nil || (len(shown) == 1) != want {
			t.Errorf("%s: %v %v", day, shown, err)
		}
		if _, err := lists.OnShow(s.App, list.ID, on); (err == nil) != want {
			t.Errorf("%s: %v", day, err)
		}
	}
}

// A collection is not on the first page, but whoever has its address may open it once it is shown.
func TestCollectionIsOpenedByItsAddress(t *testing.T) {
	s := newShelf(t)
	list := s.list(s.titles(1)...)
	list.Kind = collections.ListCollection
	list, err := lists.Save(s.App, list)
	if err != nil {
		t.Fatal(err)
	}
	if shown, err := lists.Shown(s.App, 20_000); err != nil || len(shown) != 0 {
		t.Errorf("%v %v", shown, err)
	}
	if _, err := lists.OnShow(s.App, list.ID, 20_000); err != nil {
		t.Error(err)
	}
	list.Shown = false
	if _, err := lists.Save(s.App, list); err != nil {
		t.Fatal(err)
	}
	if _, err := lists.OnShow(s.App, list.ID, 20_000); fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
}

func TestTwoPeopleSaveOneList(t *testing.T) {
	s := newShelf(t)
	list := s.list()
	mine, theirs := list, list
	for types.NowDateTime().String() == list.Updated { // nobody saves twice in a thousandth of a second
		runtime.Gosched()
	}
	mine.Name = "Stars"
	if _, err := lists.Save(s.App, mine); err != nil {
		t.Fatal(err)
	}
	theirs.Name = "Moons"
	if _, err := lists.Save(s.App, theirs); wordOf(err) != "changed@" {
		t.Error(err)
	}
}

func TestDeletedListComesBack(t *testing.T) {
	s := newShelf(t)
	ids := s.titles(3)
	list := s.list(ids...)
	if err := lists.Delete(s.App, list.ID); err != nil {
		t.Fatal(err)
	}
	if err := lists.Delete(s.App, s.list().ID); err != nil {
		t.Errorf("an empty list: %v", err)
	}
	if n := s.Count("title_list_entries", "TRUE"); n != 0 {
		t.Errorf("%d entries of a deleted list", n)
	}
	for range 2 { // the button may be pressed twice
		back, err := lists.Add(s.App, list, ids)
		if err != nil || back.ID != list.ID || back.Titles != 3 {
			t.Errorf("%+v %v", back, err)
		}
	}
	if err := lists.Delete(s.App, "nothing"); fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
}

func TestBadLists(t *testing.T) {
	s := newShelf(t)
	chosen := s.list(s.titles(1)...)
	for at, list := range map[string]lists.List{
		"name":     {Kind: "topic", Name: " \x00 "},
		"name_es":  {Kind: "topic", Name: "A", NameES: strings.Repeat("ñ", 121)},
		"note":     {Kind: "topic", Name: "A", Note: strings.Repeat("x", 501)},
		"kind":     {Kind: "shelf", Name: "A"},
		"icon":     {Kind: "topic", Name: "A", Icon: "<svg>"},
		"from":     {Kind: "topic", Name: "A", From: "tomorrow"},
		"until":    {Kind: "topic", Name: "A", From: "2026-11-02", Until: "2026-11-01"},
		"position": {Kind: "topic", Name: "A", Position: -1},
		"search":   {Kind: "topic", Name: "A", Search: "list=" + chosen.ID},
		"id":       {Kind: "topic", Name: "A", ID: "../etc"},
	} {
		if _, err := lists.Add(s.App, list, nil); wordOf(err) != "@"+at {
			t.Errorf("%s: %v", at, err)
		}
	}
	chosen.Search = "q=x"
	if _, err := lists.Save(s.App, chosen); wordOf(err) != "has_titles@search" {
		t.Error(err)
	}
}

// A list of five thousand titles is kept, ordered and read; one more is refused.
func TestLongList(t *testing.T) {
	s := newShelf(t)
	_, err := s.App.DB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
		INSERT INTO titles (id, title) SELECT printf('title%010d', i), 'Book ' || i FROM n`).Execute()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.App.DB().NewQuery("INSERT INTO search_doc (title_id, title) SELECT id, title FROM titles").Execute(); err != nil {
		t.Fatal(err)
	}
	ids := make([]string, 5001)
	for i := range ids {
		ids[i] = fmt.Sprintf("title%010d", i)
	}
	list := s.list(ids[:5000]...)
	slices.Reverse(ids[:5000])
	s.change(list.ID, lists.Change{Order: ids[:5000]})
	if diff := cmp.Diff(ids[:5000], s.in(list)); diff != "" {
		t.Error(diff)
	}
	if _, err := lists.SetTitles(s.App, list.ID, lists.Change{Add: ids[5000:]}); wordOf(err) != "@add" {
		t.Error(err)
	}
}

// Whatever is done to a list, it has each title once, in the order of a simple model.
func TestPropertyChanges(t *testing.T) {
	s := newShelf(t)
	ids := s.titles(6)
	list := s.list()
	rapid.Check(t, func(t *rapid.T) {
		s.change(list.ID, lists.Change{Remove: ids})
		model := []string{}
		some := rapid.SliceOfN(rapid.SampledFrom(ids), 0, 5)
		for range rapid.IntRange(1, 5).Draw(t, "changes") {
			change := lists.Change{Add: some.Draw(t, "add"), Remove: some.Draw(t, "remove"), Order: some.Draw(t, "order")}
			if _, err := lists.SetTitles(s.App, list.ID, change); err != nil {
				t.Fatal(err)
			}
			model = slices.DeleteFunc(model, func(title string) bool { return slices.Contains(change.Remove, title) })
			for _, title := range change.Add {
				if !slices.Contains(model, title) {
					model = append(model, title)
				}
			}
			slices.SortStableFunc(model, func(a, b string) int { return place(change.Order, a) - place(change.Order, b) })
			if diff := cmp.Diff(model, s.in(list)); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

func place(order []string, title string) int {
	if i := slices.Index(order, title); i >= 0 {
		return i
	}
	return len(order)
}

// A fresh library has topics in both languages, and shows none of them before there are books.
func TestShippedTopics(t *testing.T) {
	app := testkit.App(t)
	all, err := lists.All(app)
	if err != nil || len(all) < 6 {
		t.Fatal(err)
	}
	for _, list := range all {
		if list.Kind != collections.ListTopic || list.NameES == "" || list.Search == "" || list.Icon == "" || len(list.ID) != 15 {
			t.Errorf("%+v", list)
		}
		if _, err := lists.Save(app, list); err != nil {
			t.Errorf("%s: %v", list.Name, err)
		}
	}
	if shown, err := lists.Shown(app, 20_000); err != nil || len(shown) != 0 {
		t.Errorf("%v %v", shown, err)
	}
}
