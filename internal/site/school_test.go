package site_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"carrel/internal/fault"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/testkit"

	"github.com/google/go-cmp/cmp"
)

func TestSaveSchool(t *testing.T) {
	app := testkit.App(t)
	good := site.School{Name: "Cedar Hollow", Zone: "America/New_York", Language: say.English, Short: "CHES", GradesFrom: "PK", GradesTo: "5", State: "VT"}
	for name, test := range map[string]struct {
		change func(*site.School)
		field  string
	}{
		"as it is":           {func(*site.School) {}, ""},
		"hardly anything":    {func(s *site.School) { *s = site.School{Name: "X", Language: say.Spanish} }, ""},
		"one grade":          {func(s *site.School) { s.GradesFrom = "5" }, ""},
		"no name":            {func(s *site.School) { s.Name = " \t" }, "name"},
		"a long name":        {func(s *site.School) { s.Name = strings.Repeat("é", 121) }, "name"},
		"a long short name":  {func(s *site.School) { s.Short = "CEDARHOLL" }, "short"},
		"no language":        {func(s *site.School) { s.Language = "" }, "language"},
		"another language":   {func(s *site.School) { s.Language = "fr" }, "language"},
		"no such zone":       {func(s *site.School) { s.Zone = "Mars/Olympus" }, "zone"},
		"a path as a zone":   {func(s *site.School) { s.Zone = "../../etc/passwd" }, "zone"},
		"no such grade":      {func(s *site.School) { s.GradesFrom = "13" }, "grades_from"},
		"no such last grade": {func(s *site.School) { s.GradesTo = "k" }, "grades_to"},
		"grades backwards":   {func(s *site.School) { s.GradesTo, s.GradesFrom = "K", "1" }, "grades_to"},
		"half of the grades": {func(s *site.School) { s.GradesTo = "" }, "grades_to"},
		"the other half":     {func(s *site.School) { s.GradesFrom = "" }, "grades_from"},
		"a state in full":    {func(s *site.School) { s.State = "Vermont" }, "state"},
		"digits as a state":  {func(s *site.School) { s.State = "12" }, "state"},
	} {
		school := good
		test.change(&school)
		_, err := site.SaveSchool(app, school)
		var f *fault.Error
		errors.As(err, &f)
		if (err == nil) != (test.field == "") || f != nil && (f.Field != test.field || f.Code != fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	kept, err := site.SaveSchool(app, site.School{Name: "  Cedar \n Hollow\u0007 ", Language: say.English, State: "vt", Short: " C H "})
	if want := (site.School{Name: "Cedar Hollow", Language: say.English, State: "VT", Short: "C H"}); err != nil || kept != want {
		t.Errorf("%+v, %v", kept, err)
	}
	if stored, err := site.Load(app); err != nil || stored != kept {
		t.Errorf("stored %+v, %v", stored, err)
	}
}

func TestZonesAreKnown(t *testing.T) {
	for _, zone := range site.Zones {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Errorf("%s: %v", zone, err)
		}
	}
	if unique := slices.Compact(slices.Sorted(slices.Values(site.Zones))); len(unique) != len(site.Zones) {
		t.Error("a zone is offered twice")
	}
}

// The wizard goes on where it was left, and is finished when nothing is left.
func TestSetup(t *testing.T) {
	app := testkit.App(t)
	if before, err := site.LoadSetup(app); err != nil || !before.Finished {
		t.Errorf("a library that no wizard set up: %+v, %v", before, err)
	}
	type steps = []string
	for name, test := range map[string]struct {
		save, want site.Setup
		field      string
	}{
		"begun":               {site.Setup{}, site.Setup{Done: steps{}, Skipped: steps{}, At: "school"}, ""},
		"one done":            {site.Setup{Done: steps{"school"}}, site.Setup{Done: steps{"school"}, Skipped: steps{}, At: "calendar"}, ""},
		"out of order, twice": {site.Setup{Done: steps{"books", "school", "books"}}, site.Setup{Done: steps{"school", "books"}, Skipped: steps{}, At: "calendar"}, ""},
		"done after all":      {site.Setup{Done: steps{"school"}, Skipped: steps{"school", "calendar"}}, site.Setup{Done: steps{"school"}, Skipped: steps{"calendar"}, At: "books"}, ""},
		"back at a step":      {site.Setup{Done: steps{"school", "calendar"}, At: "school"}, site.Setup{Done: steps{"school", "calendar"}, Skipped: steps{}, At: "school"}, ""},
		"all done":            {site.Setup{Done: site.SetupSteps}, site.Setup{Done: site.SetupSteps, Skipped: steps{}, Finished: true}, ""},
		"left for good":       {site.Setup{Done: steps{"school"}, At: "books", Finished: true}, site.Setup{Done: steps{"school"}, Skipped: steps{}, Finished: true}, ""},
		"no such step":        {site.Setup{Done: steps{"coffee"}}, site.Setup{}, "done"},
		"nothing to skip":     {site.Setup{Skipped: steps{""}}, site.Setup{}, "skipped"},
		"at no step":          {site.Setup{At: "coffee"}, site.Setup{}, "at"},
	} {
		kept, err := site.SaveSetup(app, test.save)
		var f *fault.Error
		if errors.As(err, &f); test.field != "" {
			if f == nil || f.Field != test.field {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		stored, loadErr := site.LoadSetup(app)
		if diff := cmp.Diff(test.want, kept); err != nil || loadErr != nil || diff != "" || !cmp.Equal(kept, stored) {
			t.Errorf("%s: %v %v %s", name, err, loadErr, diff)
		}
	}
}
