package collections_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"testing"

	"carrel/collections"
	"carrel/internal/testkit"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/pocketbase/core"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// every typed record, to be held against its collection.
var records = []collections.Record{
	collections.Setting{}, collections.JobRun{}, collections.AuditEntry{}, collections.Patron{}, collections.PatronType{},
	collections.Homeroom{}, collections.Title{}, collections.Item{}, collections.ItemType{}, collections.Location{},
	collections.Loan{}, collections.Fact{}, collections.LoanRule{}, collections.CalendarEntry{}, collections.Notice{},
	collections.NoticeLoan{}, collections.NoticeTemplate{}, collections.NoticeOptOut{}, collections.NoticeReminder{}, collections.Kiosk{}, collections.KioskQuestion{}, collections.Hold{}, collections.Fee{},
	collections.Restriction{}, collections.TitleTag{}, collections.Inventory{},
	collections.Import{}, collections.SavedReport{},
	collections.Import{}, collections.TitleList{}, collections.TitleListEntry{},
	collections.Import{},
	collections.Add{},
	collections.Import{}, collections.Year{}, collections.Fund{}, collections.Vendor{}, collections.Order{}, collections.OrderLine{}, collections.Invoice{}, collections.BudgetAct{}, collections.Entry{},
	collections.Lesson{}, collections.LessonStandard{}, collections.LessonFile{}, collections.Session{}, collections.SessionTitle{}, collections.TeachingAct{},
	collections.Framework{}, collections.Standard{},
	collections.Check{}, collections.CheckRun{}, collections.CheckSheet{},
}

func TestRecordsFitTheirCollections(t *testing.T) {
	app := testkit.App(t)
	for _, record := range records {
		collection, err := app.FindCollectionByNameOrId(record.Collection())
		if err != nil {
			t.Errorf("%T: %v", record, err)
			continue
		}
		have := map[string]bool{"created": true, "updated": true}
		kind := reflect.TypeOf(record)
		for i := range kind.NumField() {
			name := kind.Field(i).Tag.Get("db")
			have[name] = true
			if collection.Fields.GetByName(name) == nil {
				t.Errorf("%T.%s: there is no field %q", record, kind.Field(i).Name, name)
			}
		}
		for _, field := range collection.Fields {
			if !have[field.GetName()] {
				t.Errorf("%T has no field for %q", record, field.GetName())
			}
		}
	}
}

// TestSchemaDoesNotDrift migrates an empty folder and compares schema and access rules with the golden file: a change of either
// is seen in review.
func TestSchemaDoesNotDrift(t *testing.T) {
	app := testkit.App(t)
	got := describe(t, app)
	golden := filepath.Join("testdata", "schema.json")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the schema changed; if on purpose, run this test with -update\n%s", diff)
	}
}

type described struct {
	Name    string            `json:"name"`
	Type    string            `json:"type"`
	Rules   map[string]string `json:"rules,omitempty"`
	Fields  map[string]string `json:"fields"`
	Indexes []string          `json:"indexes,omitempty"`
}

func describe(t *testing.T, app core.App) []byte {
	t.Helper()
	all, err := app.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	list := []described{}
	for _, c := range all {
		d := described{Name: c.Name, Type: c.Type, Rules: map[string]string{}, Fields: map[string]string{}, Indexes: c.Indexes}
		for name, rule := range map[string]*string{"list": c.ListRule, "view": c.ViewRule, "create": c.CreateRule, "update": c.UpdateRule, "delete": c.DeleteRule} {
			if rule != nil {
				d.Rules[name] = *rule
			}
		}
		for _, field := range c.Fields {
			d.Fields[field.GetName()] = field.Type()
		}
		list = append(list, d)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	text, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}
