package reports_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/budget"
	"carrel/internal/checks"
	"carrel/internal/kits"
	"carrel/internal/policy"
	"carrel/internal/print"
	"carrel/internal/reports"
	"carrel/internal/say"
	"carrel/internal/teaching"
	"carrel/internal/testkit"
	"carrel/internal/use"
)

func aDay(t testing.TB, text string) policy.Day {
	t.Helper()
	day, err := policy.ParseDay(text)
	check(t, err)
	return day
}

// teachingSchool has two classes of grade 4, of whom 4A was taught a kit twice, once together with its teacher, with a check before and after.
func teachingSchool(t testing.TB, before, after int) testkit.Library {
	t.Helper()
	lib := school(t)
	rooms := map[string]collections.Homeroom{}
	for _, name := range []string{"4A", "4B"} {
		room := lib.Homeroom(name)
		room.Grade = "4"
		check(t, collections.Update(lib.App, room))
		rooms[name] = room
	}
	for i := range 12 {
		child := collections.Patron{}
		check(t, lib.App.DB().NewQuery(fmt.Sprintf("SELECT * FROM patrons WHERE barcode = '4-%d'", i)).One(&child))
		child.Homeroom = rooms["4A"].ID
		if i == 11 {
			child.Homeroom = rooms["4B"].ID
		}
		lib.Save(child)
	}
	_, err := lib.App.DB().NewQuery("UPDATE patrons SET grade = '5' WHERE grade = 'K'").Execute() // else the few of K would hide the others
	check(t, err)
	lesson, err := kits.Use(lib.App, teaching.Act{Key: "a-key-of-a-kit", Actor: "librarian000001", Now: tuesday}, "sift", say.English)
	check(t, err)
	for i, role := range []string{"planned,taught", "supported"} {
		_, err := collections.Insert(lib.App, collections.Session{
			Kind: collections.SessionLesson, State: collections.SessionTaught, Lesson: lesson.ID, Homeroom: rooms["4A"].ID, Class: "4A", Grade: "4",
			Day: aDay(t, "2026-11-1"+fmt.Sprint(i)), Begins: 600, Ends: 645, Role: role,
		})
		check(t, err)
	}
	given, err := checks.Attached(lib.App, lesson.ID)
	check(t, err)
	for when, right := range map[string]int{"before": before, "after": after} {
		rows := []checks.SeatRow{}
		for seat := range 11 {
			points := checks.Points{}
			for _, item := range given[0].Items {
				if points[item.ID] = 0; seat < right {
					points[item.ID] = item.Points
				}
			}
			rows = append(rows, checks.SeatRow{Seat: fmt.Sprint("Otter ", seat+10), Points: points})
		}
		day := "2026-11-10"
		if when == "after" {
			day = "2026-11-17"
		}
		_, err := checks.AddResults(lib.App, given[0].ID, checks.Results{Plan: checks.Plan{Key: "typed-" + when, When: when, Homeroom: rooms["4A"].ID, Day: day}, Rows: rows}, tuesday)
		check(t, err)
	}
	_, err = checks.SetInReport(lib.App, given[0].ID, rooms["4A"].ID, true, tuesday)
	check(t, err)
	return lib
}

func section(t testing.TB, sheet reports.Sheet, id string) reports.Section {
	t.Helper()
	at := slices.IndexFunc(sheet.Sections, func(s reports.Section) bool { return s.ID == id })
	if at < 0 {
		t.Fatalf("no %s in %+v", id, sheet.Sections)
	}
	return sheet.Sections[at]
}

// The sheet counts lessons and those taught together, the classes reached, and tells the change with its sample and reach of chance.
func TestTaught(t *testing.T) {
	lib := teachingSchool(t, 3, 9)
	sheet := made(t, lib, "taught").Sheet
	values := []string{}
	for _, tile := range sheet.Tiles {
		values = append(values, tile.Value)
	}
	if got := strings.Join(values, " "); got != "2 50% 1 2" {
		t.Errorf("%s: %+v", got, sheet.Tiles)
	}
	if want := "The library taught 2 lessons, 1 of them together with a teacher. They reached 1 of 2 classes."; sheet.Sentence != want {
		t.Errorf("%s", sheet.Sentence)
	}
	change := section(t, *sheet, "change")
	if change.Lead != "“Four moves”. Grade 4, 1 class, 11 before and 11 after." || len(change.Bars) != 5 || change.Bars[0].WasText != "27%" || change.Bars[0].NowText != "82%" {
		t.Errorf("%+v", change)
	}
	if !strings.Contains(change.Note, "Chance alone") {
		t.Errorf("%s", change.Note)
	}
	with := section(t, *sheet, "with")
	if len(with.Rows) != 1 || strings.Join(with.Rows[0], "|") != "3–5|2|1|1 class" {
		t.Errorf("%+v", with.Rows)
	}
	if standards := section(t, *sheet, "standards"); len(standards.Rows) != 2 || !strings.HasPrefix(standards.Rows[0][0], "C3.4 ") || standards.Rows[0][1] != "2" {
		t.Errorf("%+v", standards)
	}
	if none := made(t, lib, "taught", "from", "2026-10-01", "until", "2026-10-31").Sheet; none.Tiles[0].Value != "0" || len(none.Sections) != 0 {
		t.Errorf("%+v", none)
	}
}

// The principal's page opens with what students can do, if that is more than chance; and tells nothing where there is nothing.
func TestPrincipalIsToldOfLessons(t *testing.T) {
	lib := teachingSchool(t, 3, 9)
	page := made(t, lib, "principal").Page
	if !strings.HasPrefix(page.Sentence, "“Four moves” in 1 class. “") || !strings.HasSuffix(page.Sentence, "”: 27% of students before, 4 in 5 students now.") {
		t.Errorf("%s", page.Sentence)
	}
	if !slices.ContainsFunc(page.Tiles, func(tile reports.Tile) bool {
		return tile == reports.Tile{Value: "2", Label: "lessons taught", Note: "1 with a teacher"}
	}) {
		t.Errorf("%+v", page.Tiles)
	}
	if len(page.Tiles) > 4 || !slices.ContainsFunc(page.Help, func(wish reports.Help) bool { return strings.Contains(wish.What, "3–5") }) {
		t.Errorf("%+v %+v", page.Tiles, page.Help)
	}
	same := made(t, teachingSchool(t, 5, 5), "principal").Page
	if strings.Contains(same.Sentence, "Four moves") || len(section(t, same.Sheet, "change").Bars) != 5 {
		t.Errorf("%s", same.Sentence)
	}
	plain := made(t, school(t), "principal").Page
	for _, one := range plain.Sections {
		if one.ID != "reading" && one.ID != "collection" {
			t.Errorf("%+v", one)
		}
	}
}

// spending gives 1,000 dollars to one fund and orders for 56, of which three books came and each is lent once.
func spending(t testing.TB) testkit.Library {
	t.Helper()
	lib := school(t)
	year, err := budget.SaveYear(lib.App, "a-key-of-years", collections.Year{Name: "2026–27", Starts: aDay(t, "2026-07-01"), Ends: aDay(t, "2027-06-30")})
	check(t, err)
	fund, err := budget.SaveFund(lib.App, "a-key-of-funds", collections.Fund{Year: year.ID, Name: "Science grant", Kind: "grant", SpendBy: aDay(t, "2026-12-10")})
	check(t, err)
	act := func(key string) budget.Act { return budget.Act{Key: key, Actor: "librarian000001", At: tuesday} }
	check(t, budget.Allocate(lib.App, act("allocate-key"), fund.ID, 100_000))
	vendor, err := budget.SaveVendor(lib.App, "a-key-of-vendors", collections.Vendor{Name: "Perma-Bound"})
	check(t, err)
	order, err := budget.SaveOrder(lib.App, "a-key-of-orders", collections.Order{Year: year.ID, Vendor: vendor.ID, Name: "Space"}, []collections.OrderLine{
		{Fund: fund.ID, Name: "Owls", Pieces: 3, Price: 1_200}, {Fund: fund.ID, Name: "Bats", Pieces: 1, Price: 2_000},
	})
	check(t, err)
	check(t, budget.Approve(lib.App, act("approve-key"), collections.Librarian, order.ID))
	sent := act("send-the-order")
	sent.At = tuesday.AddDate(0, 0, -50)
	check(t, budget.Send(lib.App, sent, order.ID))
	lines := []collections.OrderLine{}
	check(t, lib.App.DB().NewQuery("SELECT * FROM budget_lines ORDER BY position").All(&lines))
	for i := range 3 {
		item := lib.Item(fmt.Sprint("NEW", i))
		item.PriceCents, item.Acquired, item.OrderLine, item.Fund = 1_200, aDay(t, "2026-11-02"), lines[0].ID, "Science grant"
		lib.Save(item)
		lend(t, lib, fmt.Sprint("5-", i), item.Barcode, tuesday)
	}
	check(t, use.CatchUp(t.Context(), lib.App))
	return lib
}

func TestMoney(t *testing.T) {
	lib := spending(t)
	sheet := made(t, lib, "money").Sheet
	if got := []string{sheet.Tiles[0].Value, sheet.Tiles[1].Value, sheet.Tiles[2].Value, sheet.Tiles[3].Value}; strings.Join(got, " ") != "$1,000 $0 $56 $944" {
		t.Errorf("%v", got)
	}
	if rows := section(t, *sheet, "funds").Rows; len(rows) != 1 || rows[0][0] != "Science grant, spend by Dec 10" || rows[0][4] != "$944" {
		t.Errorf("%v", rows)
	}
	if late := section(t, *sheet, "late").Rows; len(late) != 1 || late[0][1] != "Perma-Bound" || late[0][3] != "50" {
		t.Errorf("%v", late)
	}
	if cost := section(t, *sheet, "cost").Rows; len(cost) != 1 || strings.Join(cost[0], "|") != "Science grant|3|3|$12.00" {
		t.Errorf("%v", cost)
	}
	if bought := section(t, *sheet, "bought").Rows; len(bought) != 3 {
		t.Errorf("%v", bought)
	}
}

// Each sheet is one page of Letter and of A4 in both languages, and what it says is on it.
func TestSheetsAreOnePage(t *testing.T) {
	lib := teachingSchool(t, 3, 9)
	for _, lang := range []say.Lang{say.English, say.Spanish} {
		asker := reports.Asker{Lang: lang, Now: tuesday, Prices: true}
		for _, id := range []string{"taught", "money", "principal"} {
			report, err := reports.Make(t.Context(), lib.App, asker, id, map[string]string{"for": "Principal Ames"})
			check(t, err)
			var file bytes.Buffer
			check(t, report.PDF(lib.App, &file, func(w print.Warning) { t.Errorf("%s %s: %+v", id, lang, w) }, asker))
			if pages := bytes.Count(file.Bytes(), []byte("/Type /Page\n")); pages != 1 {
				t.Errorf("%s %s: %d pages", id, lang, pages)
			}
			if text := fmt.Sprintf("%+v %+v", report.Sheet, report.Page); strings.Contains(text, "reports.") || strings.Contains(text, "%!") {
				t.Errorf("%s %s: %s", id, lang, text)
			}
		}
		overdue, err := reports.Make(t.Context(), lib.App, asker, "overdue", map[string]string{})
		check(t, err)
		if err := overdue.PDF(lib.App, &bytes.Buffer{}, nil, asker); err == nil {
			t.Error("a report of many pages on one")
		}
	}
}
