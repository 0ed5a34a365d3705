package patrons_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"carrel/internal/fault"
	"carrel/internal/patrons"
	"carrel/internal/testkit"
)

const heading = "district_id,barcode,last_name,first_name,grade,homeroom,email,type\n"

func file(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "roster.csv")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func class(from, to int) string {
	var rows strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&rows, "D%03d,,Family%d,Child%d,4,4B,,student\n", i, i, i)
	}
	return rows.String()
}

func run(t *testing.T, lib testkit.Library, content string, options patrons.Options) (patrons.Summary, error) {
	t.Helper()
	return patrons.Import(lib.App, file(t, content), options)
}

func TestImport(t *testing.T) {
	lib := testkit.NewLibrary(t)
	summary, err := run(t, lib, heading+class(0, 10), patrons.Options{})
	if err != nil || summary.Patrons.Added != 10 || summary.Read != 10 {
		t.Fatalf("%+v, %v", summary, err)
	}
	if lib.Count("patrons", "card LIKE 'carrel:p:%' AND barcode = district_id AND status = 'active'") != 10 {
		t.Error("cards or barcodes missing")
	}
	if lib.Count("homerooms", "name = '4B'") != 1 || lib.Count("patron_types", "code = 'student'") != 1 {
		t.Error("homeroom or type missing")
	}
	again, err := run(t, lib, heading+class(0, 10), patrons.Options{})
	if err != nil || again.Patrons.Added+again.Patrons.Updated+again.Patrons.Left != 0 || again.Patrons.Skipped != 10 {
		t.Errorf("the same file again: %+v, %v", again, err)
	}
}

func TestDryRunWritesNothing(t *testing.T) {
	lib := testkit.NewLibrary(t)
	summary, err := run(t, lib, heading+class(0, 10), patrons.Options{DryRun: true})
	if err != nil || summary.Patrons.Added != 10 {
		t.Fatalf("%+v, %v", summary, err)
	}
	if lib.Count("patrons", "1")+lib.Count("homerooms", "1") != 0 {
		t.Error("the dry run wrote")
	}
}

func TestAnEmptyOrShortFileChangesNothing(t *testing.T) {
	lib := testkit.NewLibrary(t)
	if _, err := run(t, lib, heading+class(0, 10), patrons.Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := run(t, lib, heading, patrons.Options{Confirm: true}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("an empty file: %v", err)
	}
	if _, err := run(t, lib, heading+class(0, 7), patrons.Options{}); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("a short file: %v", err)
	}
	if lib.Count("patrons", "status = 'active'") != 10 {
		t.Error("somebody left")
	}
	summary, err := run(t, lib, heading+class(0, 7), patrons.Options{Confirm: true})
	if err != nil || summary.Patrons.Left != 3 || lib.Count("patrons", "status = 'left'") != 3 {
		t.Errorf("confirmed: %+v, %v", summary, err)
	}
	summary, err = run(t, lib, heading+class(0, 10), patrons.Options{})
	if err != nil || summary.Patrons.Updated != 3 || lib.Count("patrons", "status = 'active'") != 10 {
		t.Errorf("coming back: %+v, %v", summary, err)
	}
}

func TestAFileOfStudentsSaysNothingAboutTeachers(t *testing.T) {
	lib := testkit.NewLibrary(t)
	if _, err := run(t, lib, heading+class(0, 10)+"T1,,Okafor,Ngozi,,,,teacher\n", patrons.Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := run(t, lib, heading+class(0, 10), patrons.Options{}); err != nil {
		t.Fatal(err)
	}
	if lib.Count("patrons", "last_name = 'Okafor' AND status = 'active'") != 1 {
		t.Error("the teacher left")
	}
}

func TestTheSameNameAndBirthDateIsAQuestion(t *testing.T) {
	lib := testkit.NewLibrary(t)
	with := "district_id,last_name,first_name,birth_date,type\n"
	if _, err := run(t, lib, with+"1,Nguyễn,Anh,2016-05-04,student\n", patrons.Options{}); err != nil {
		t.Fatal(err)
	}
	summary, err := run(t, lib, with+"2,Nguyễn,Anh,2016-05-04,student\n", patrons.Options{Confirm: true})
	if err != nil || len(summary.Rejected) != 1 || summary.Rejected[0].Code != "question" || summary.Rejected[0].Record != 2 {
		t.Errorf("%+v, %v", summary, err)
	}
	if lib.Count("patrons", "1") != 1 {
		t.Error("a second person was made silently")
	}
}
