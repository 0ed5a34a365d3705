package site_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/site"
	"carrel/internal/testkit"

	"github.com/pocketbase/pocketbase/core"
)

// checkFault compares a fault's code and field; no code is no error.
func checkFault(t *testing.T, err error, code fault.Code, field string) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Fatalf("error %v, want code %q", err, code)
	}
	var refusal *fault.Error
	if errors.As(err, &refusal) && refusal.Field != field {
		t.Fatalf("field %q (%v), want %q", refusal.Field, err, field)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func days(n int) policy.Terms { return policy.Terms{LoanDays: &n} }

func ruleSchool(t *testing.T) core.App {
	t.Helper()
	app := testkit.App(t)
	for code, name := range map[string]string{"student": "Student", "teacher": "Teacher"} {
		_, err := site.SavePatronType(app, collections.PatronType{Code: code, Name: name})
		ok(t, err)
	}
	_, err := site.SaveItemType(app, collections.ItemType{Code: "Laptop"})
	ok(t, err)
	return app
}

func ownRow(t *testing.T, app core.App) site.RuleRow {
	t.Helper()
	rows, err := site.ListRules(app)
	ok(t, err)
	return rows[len(rows)-1]
}

func TestSaveRule(t *testing.T) {
	app := ruleSchool(t)
	own := ownRow(t, app)
	laptops, err := site.SaveRule(app, site.RuleRow{ItemType: "Laptop", Terms: days(1)})
	ok(t, err)
	no, many := false, 4
	for name, test := range map[string]struct {
		row   site.RuleRow
		code  fault.Code
		field string
	}{
		"a row for teachers":        {site.RuleRow{PatronType: "teacher", Terms: days(60)}, "", ""},
		"capitals do not matter":    {site.RuleRow{PatronType: "Student", ItemType: "laptop", Terms: days(2)}, "", ""},
		"change the site's row":     {site.RuleRow{ID: own.ID, Terms: days(14)}, "", ""},
		"move a row":                {site.RuleRow{ID: laptops.ID, PatronType: "teacher", ItemType: "Laptop", Terms: days(1)}, "", ""},
		"unknown patron type":       {site.RuleRow{PatronType: "pirate"}, fault.Invalid, "patron_type"},
		"unknown item type":         {site.RuleRow{PatronType: "teacher", ItemType: "sword"}, fault.Invalid, "item_type"},
		"a second row of one scope": {site.RuleRow{ItemType: "Laptop", Terms: days(3)}, fault.Invalid, "patron_type"},
		"a second site row":         {site.RuleRow{Terms: days(3)}, fault.Invalid, "patron_type"},
		"the site's row moves":      {site.RuleRow{ID: own.ID, PatronType: "teacher"}, fault.Conflict, ""},
		"out of range":              {site.RuleRow{PatronType: "teacher", Terms: days(-1)}, fault.Invalid, "loan_days"},
		"mis-scoped":                {site.RuleRow{PatronType: "teacher", Terms: policy.Terms{TypeLimit: &many}}, fault.Invalid, "type_limit"},
		"contradicts itself": {
			site.RuleRow{PatronType: "teacher", Terms: policy.Terms{HoldAllowed: &no, HoldLimit: &many}}, fault.Invalid, "hold_limit"},
		"gone": {site.RuleRow{ID: "abcdefghijklmno", PatronType: "teacher"}, fault.NotFound, ""},
	} {
		t.Run(name, func(t *testing.T) {
			errDone := errors.New("every case starts from the same rules")
			err := app.RunInTransaction(func(app core.App) error {
				before, err := site.ListRules(app)
				ok(t, err)
				saved, err := site.SaveRule(app, test.row)
				checkFault(t, err, test.code, test.field)
				after, listErr := site.ListRules(app)
				ok(t, listErr)
				if err != nil && !reflect.DeepEqual(before, after) {
					t.Error("a refused row changed the rules")
				}
				if err == nil && !contains(after, saved) {
					t.Errorf("%+v is not among %+v", saved, after)
				}
				return errDone
			})
			if !errors.Is(err, errDone) {
				t.Fatal(err)
			}
		})
	}
}

func contains(rows []site.RuleRow, wanted site.RuleRow) bool {
	for _, row := range rows {
		if reflect.DeepEqual(row, wanted) {
			return true
		}
	}
	return false
}

func TestListRulesTheMostSpecificFirst(t *testing.T) {
	app := ruleSchool(t)
	for _, scope := range [][2]string{{"teacher", ""}, {"", "Laptop"}, {"student", ""}, {"teacher", "Laptop"}} {
		_, err := site.SaveRule(app, site.RuleRow{PatronType: scope[0], ItemType: scope[1], Terms: days(7)})
		ok(t, err)
	}
	rows, err := site.ListRules(app)
	ok(t, err)
	var scopes []string
	for _, row := range rows {
		scopes = append(scopes, row.PatronType+"+"+row.ItemType)
	}
	want := []string{"teacher+Laptop", "+Laptop", "student+", "teacher+", "+"}
	if !reflect.DeepEqual(scopes, want) {
		t.Errorf("order %q, want %q", scopes, want)
	}
	if rows[0].PatronName != "Teacher" || rows[0].ItemName != "Laptop" {
		t.Errorf("names %q and %q", rows[0].PatronName, rows[0].ItemName)
	}
}

func TestDeleteRule(t *testing.T) {
	app := ruleSchool(t)
	teachers, err := site.SaveRule(app, site.RuleRow{PatronType: "teacher", Terms: days(60)})
	ok(t, err)
	checkFault(t, site.DeleteRule(app, ownRow(t, app).ID), fault.Conflict, "")
	checkFault(t, site.DeleteRule(app, teachers.ID), "", "")
	checkFault(t, site.DeleteRule(app, teachers.ID), fault.NotFound, "")
	if rows, err := site.ListRules(app); err != nil || len(rows) != 1 {
		t.Errorf("%d rows are left (%v)", len(rows), err)
	}
}

// A row from before the validation goes on deciding until somebody changes it; one that cannot be read is an error.
func TestRulesReadsWhatIsStored(t *testing.T) {
	for terms, wrong := range map[string]bool{
		`{"for_loan": false, "loan_days": 7}`: false,
		`{"loan_days": -3}`:                   false,
		`{"loan_days": "soon"}`:               true,
		`{"loan_dayz": 7}`:                    true,
	} {
		t.Run(terms, func(t *testing.T) {
			library := testkit.NewLibrary(t)
			library.Rule("", "", terms)
			if _, err := site.Rules(library.App); (err != nil) != wrong {
				t.Errorf("error %v", err)
			}
			if _, err := site.SavePatronType(library.App, collections.PatronType{Code: "teacher"}); err != nil {
				t.Fatal(err)
			}
			_, err := site.SaveRule(library.App, site.RuleRow{PatronType: "teacher", Terms: days(60)})
			checkFault(t, err, "", "") // one bad row does not stand in the way of the others
		})
	}
}

func TestApplyShipped(t *testing.T) {
	for _, level := range []string{"K-5", "6-8", "9-12"} {
		t.Run(level, func(t *testing.T) {
			app := testkit.App(t)
			if _, err := site.SaveItemType(app, collections.ItemType{Code: "Reference", Name: "Shelf R"}); err != nil {
				t.Fatal(err)
			}
			shipped, _ := policy.Shipped(level)
			apply := func(replace bool, want site.Shipped) {
				t.Helper()
				before, err := site.ListRules(app)
				ok(t, err)
				plan, err := site.PlanShipped(app, level, replace)
				ok(t, err)
				if now, err := site.ListRules(app); err != nil || !reflect.DeepEqual(now, before) {
					t.Fatalf("the plan wrote something: %v", err)
				}
				done, err := site.ApplyShipped(app, level, replace)
				ok(t, err)
				for i, row := range plan.Rows {
					if row.State != done.Rows[i].State || row.PatronName != done.Rows[i].PatronName || (row.Was == nil) != (row.State == "added" || row.State == "unchanged") {
						t.Fatalf("planned %+v, did %+v", row, done.Rows[i])
					}
				}
				if len(plan.Rows) != len(shipped) || len(plan.Types) != len(done.Types) {
					t.Fatalf("planned %d rows", len(plan.Rows))
				}
				types := len(done.Types)
				done.Types, done.Rows = nil, nil
				if !reflect.DeepEqual(done, want) {
					t.Fatalf("did %+v, want %+v", done, want)
				}
				if (want.Added > 0) != (types > 0) {
					t.Fatalf("%d types were added", types)
				}
			}
			rest := len(shipped) - 1
			apply(false, site.Shipped{Added: rest, Kept: 1}) // the site's own row is there from the start
			apply(false, site.Shipped{Unchanged: rest, Kept: 1})
			apply(true, site.Shipped{Unchanged: rest, Replaced: 1})
			apply(true, site.Shipped{Unchanged: rest + 1})
			rules, err := site.Rules(app)
			ok(t, err)
			if err := rules.Validate(); err != nil || len(rules) != len(shipped) {
				t.Errorf("%d rules: %v", len(rules), err)
			}
			for _, rule := range rules {
				if rule.ItemType != "" && rule.ItemName == "reference" {
					t.Error("the school's own type Reference was not taken")
				}
			}
		})
	}
	_, err := site.ApplyShipped(testkit.App(t), "13-16", false)
	checkFault(t, err, fault.Invalid, "level")
	_, err = site.PlanShipped(testkit.App(t), "13-16", false)
	checkFault(t, err, fault.Invalid, "level")
}

// Every shipped type has a name people can read, in both languages.
func TestShippedTypesHaveNames(t *testing.T) {
	app := testkit.App(t)
	ok(t, site.Save(app, site.School{Name: "Escuela", Language: "es"}))
	_, err := site.ApplyShipped(app, "K-5", true)
	ok(t, err)
	rows, err := site.ListRules(app)
	ok(t, err)
	for _, row := range rows {
		if row.PatronType == "teacher" && row.PatronName != "Docente" || row.ItemType == "laptop" && row.ItemName != "Computadora portátil" {
			t.Errorf("the names are %q and %q", row.PatronName, row.ItemName)
		}
		if strings.HasPrefix(row.PatronName, "site.") || strings.HasPrefix(row.ItemName, "site.") {
			t.Errorf("no name for %s %s", row.PatronType, row.ItemType)
		}
	}
}

func TestSaveTypes(t *testing.T) {
	app := ruleSchool(t)
	long := strings.Repeat("ñ", 121)
	for name, test := range map[string]struct {
		kind  collections.ItemType
		code  fault.Code
		field string
	}{
		"new":               {collections.ItemType{Code: " Board   game "}, "", ""},
		"no code":           {collections.ItemType{Code: "  "}, fault.Invalid, "code"},
		"long code":         {collections.ItemType{Code: long, Name: "A"}, fault.Invalid, "code"},
		"long name":         {collections.ItemType{Code: "a", Name: long}, fault.Invalid, "name"},
		"twice":             {collections.ItemType{Code: "laptop"}, fault.Invalid, "code"},
		"gone":              {collections.ItemType{ID: "abcdefghijklmno", Code: "map"}, fault.NotFound, ""},
		"patron type or no": {collections.ItemType{Code: "teacher"}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			saved, err := site.SaveItemType(app, test.kind)
			checkFault(t, err, test.code, test.field)
			if err == nil && (saved.ID == "" || saved.Name == "" || saved.Position == 0) {
				t.Errorf("saved %+v", saved)
			}
		})
	}
	_, err := site.SavePatronType(app, collections.PatronType{Code: "Teacher"})
	checkFault(t, err, fault.Invalid, "code")
}
