package roster

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

const (
	usersHeading   = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n"
	classesHeading = "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds\n"
	enrolHeading   = "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n"
)

// smallSchool is a sound OneRoster 1.1 set: a teacher, a child with a homeroom and a subject, the child's mother.
func smallSchool() map[string]string {
	return map[string]string{
		"manifest.csv": "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.users,bulk\n",
		"orgs.csv":     "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\no1,active,,Cedar Hollow,school,1,\n",
		"users.csv": usersHeading +
			"t1,active,,true,o1,teacher,okafor,,Ngozi,Okafor,,900,okafor@x.org,,,,,\n" +
			"s1,active,,true,o1,student,ana,,Ana,Núñez,,1001,ana@x.org,,,g1,04,\n" +
			"g1,active,,true,o1,parent,mum,,Eva,Núñez,,,mum@x.org,,,,,\n",
		"classes.csv": classesHeading + "c1,active,,Mathematics 4,,,,scheduled,,o1,\nc2,active,,4B,,,,homeroom,,o1,\n",
		"enrollments.csv": enrolHeading + "e0,active,,c1,o1,s1,student,,,\ne1,active,,c2,o1,s1,student,,,\n" +
			"e2,active,,c2,o1,t1,teacher,true,,\n",
		"demographics.csv": "sourcedId,status,dateLastModified,birthDate,sex\ns1,active,,2015-03-09,female\n",
	}
}

func readFiles(t *testing.T, files map[string]string) Roster {
	t.Helper()
	got, err := read(setOf(files))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// brief shows what a set of files adds to the people.
func brief(r Roster) string {
	var b strings.Builder
	for _, p := range r.Persons {
		fmt.Fprintf(&b, "%s %s %s [%s] %s (%s) %s %s %s %v\n",
			p.SourceID, p.FirstName, p.Grade, p.Type, p.Homeroom, p.HomeroomTeacher, p.BirthDate, p.Status, p.School, p.GuardianEmails)
	}
	return b.String()
}

const smallSchoolRead = "t1 Ngozi  [teacher] 4B ()  active Cedar Hollow []\n" +
	"s1 Ana 4 [student] 4B (Ngozi Okafor) 2015-03-09 active Cedar Hollow [mum@x.org]\n"

func TestOneRoster(t *testing.T) {
	got := readFiles(t, smallSchool())
	wantCodes(t, got)
	if got.Source != OneRoster11 || got.Delta || brief(got) != smallSchoolRead {
		t.Errorf("%s %v\n%s", got.Source, got.Delta, brief(got))
	}
}

// Defects of form change nothing about what is read.
func TestOneRosterForms(t *testing.T) {
	forms := map[string]func(string) string{
		"byte order mark":  func(s string) string { return "\ufeff" + s },
		"CRLF":             func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"no last newline":  func(s string) string { return strings.TrimSuffix(s, "\n") },
		"windows-1252":     func(s string) string { return strings.ReplaceAll(s, "ñ", "\xf1") },
		"reversed columns": reversed,
		"extra column": func(s string) string {
			return "x" + strings.ReplaceAll(strings.TrimSuffix("\n"+s, "\n"), "\n", "\nx,")[1:] + "\n"
		},
		"heading in lower case": func(s string) string {
			head, rest, _ := strings.Cut(s, "\n")
			return strings.ToLower(head) + "\n" + rest
		},
	}
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			files := smallSchool()
			for file, text := range files {
				files[file] = form(text)
			}
			got := readFiles(t, files)
			wantCodes(t, got)
			if brief(got) != smallSchoolRead {
				t.Errorf("got\n%swant\n%s", brief(got), smallSchoolRead)
			}
		})
	}
}

func reversed(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), ",")
		slices.Reverse(cells)
		b.WriteString(strings.Join(cells, ",") + "\n")
	}
	return b.String()
}

func TestOneRosterDefects(t *testing.T) {
	without := func(part string) func(map[string]string) {
		return func(f map[string]string) { delete(f, part) }
	}
	more := func(part, rows string) func(map[string]string) {
		return func(f map[string]string) { f[part] += rows }
	}
	swap := func(part, old, new string) func(map[string]string) {
		return func(f map[string]string) {
			if !strings.Contains(f[part], old) {
				panic(old)
			}
			f[part] = strings.Replace(f[part], old, new, 1)
		}
	}
	tests := []struct {
		name     string
		change   func(map[string]string)
		old, new string // what changes in smallSchoolRead
		problems []string
	}{
		{"no manifest", without("manifest.csv"), "", "", []string{"0 no_manifest"}},
		{"no demographics", without("demographics.csv"), "2015-03-09", "", nil},
		{"no orgs", without("orgs.csv"), " Cedar Hollow", " ", nil},
		{"enrolment of nobody", more("enrollments.csv", "e3,active,,c2,o1,s9,student,,,\n"), "", "", []string{"5 orphan_user!"}},
		{"enrolment in no class", more("enrollments.csv", "e3,active,,c9,o1,s1,student,,,\n"), "", "", []string{"5 orphan_class!"}},
		{"enrolment to be deleted", swap("enrollments.csv", "e1,active", "e1,tobedeleted"), "[student] 4B (Ngozi Okafor)", "[student] Mathematics 4 ()", nil},
		{"class to be deleted", swap("classes.csv", "c1,active", "c1,tobedeleted"), "", "", nil},
		{"child to be deleted", swap("users.csv", "s1,active", "s1,tobedeleted"), "2015-03-09 active", "2015-03-09 left", nil},
		{"mother to be deleted", swap("users.csv", "g1,active", "g1,tobedeleted"), "[mum@x.org]", "[]", nil},
		{"parent names the child", func(f map[string]string) {
			f["users.csv"] = strings.ReplaceAll(strings.Replace(f["users.csv"], ",,,g1,04", ",,,,04", 1), "mum@x.org,,,,,", "mum@x.org,,,s1,,")
		}, "", "", nil},
		{"repeated user", more("users.csv", "s1,active,,true,o1,student,ana,,Ana,Núñez,,1001,ana@x.org,,,g1,04,\n"), "", "", []string{"5 duplicate_row!"}},
		{"role change", more("users.csv", "s1,active,2026-09-01,true,o1,aide,ana,,Ana,Núñez,,1001,ana@x.org,,,g1,,\n"),
			"4 [student]", " [aide]", []string{"3 conflicting_row!"}},
		{"primary among subjects", func(f map[string]string) {
			f["classes.csv"] = classesHeading + "c1,active,,Mathematics 4,,,,scheduled,,o1,\nc2,active,,4B,,,,scheduled,,o1,\n"
			f["enrollments.csv"] = strings.Replace(f["enrollments.csv"], "c2,o1,s1,student,,", "c2,o1,s1,student,true,", 1)
		}, "[teacher] 4B", "[teacher] ", nil},
		{"later of two homerooms", func(f map[string]string) {
			f["classes.csv"] += "c3,active,,4C,,,,homeroom,,o1,\n"
			f["enrollments.csv"] += "e4,active,,c3,o1,s1,student,,2026-11-02,\n"
		}, "[student] 4B (Ngozi Okafor)", "[student] 4C ()", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := smallSchool()
			test.change(files)
			got := readFiles(t, files)
			wantCodes(t, got, test.problems...)
			want := strings.ReplaceAll(smallSchoolRead, test.old, test.new)
			if test.old == "" {
				want = smallSchoolRead
			}
			if brief(got) != want {
				t.Errorf("got\n%swant\n%s", brief(got), want)
			}
		})
	}
}

func TestOneRoster12AndDelta(t *testing.T) {
	files := smallSchool()
	files["manifest.csv"] = "propertyName,value\noneroster.version,1.2\nfile.users,delta\n"
	files["users.csv"] = "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,identifier,email,agentSourcedIds,grades,preferredGivenName,primaryOrgSourcedId\n" +
		"t1,active,,true,okafor,,Ngozi,Okafor,900,okafor@x.org,,,,o1\n" +
		"s1,active,,true,ana,,Ana,Núñez,1001,ana@x.org,g1,04,Nita,o1\n" +
		"g1,active,,true,mum,,Eva,Núñez,,mum@x.org,,,,o1\n"
	files["roles.csv"] = "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId\n" +
		"r1,active,,t1,secondary,parent,,,o1\nr2,active,,t1,primary,teacher,,,o1\nr3,active,,s1,primary,student,,,o1\n" +
		"r4,tobedeleted,,s1,primary,aide,,,o1\nr5,active,,g1,primary,guardian,,,o1\nr6,active,,zz,primary,student,,,o1\n"
	got := readFiles(t, files)
	wantCodes(t, got, "7 orphan_user!")
	if got.Source != OneRoster12 || !got.Delta || brief(got) != smallSchoolRead || got.Persons[1].PreferredName != "Nita" {
		t.Errorf("%s %v\n%s", got.Source, got.Delta, brief(got))
	}
}

func TestCleverFiles(t *testing.T) {
	got := readFiles(t, map[string]string{
		"schools.csv":     "School_id,School_name\n7,Cedar Hollow\n",
		"students.csv":    "School_id,Student_id,Student_number,Last_name,First_name,Grade,Contact_email\n7,1,1001,Núñez,Ana,4,mum@x.org\n",
		"teachers.csv":    "School_id,Teacher_id,Teacher_number,Last_name,First_name,Teacher_email\n7,1,900,Okafor,Ngozi,okafor@x.org\n",
		"sections.csv":    "School_id,Section_id,Teacher_id,Name,Period\n7,50,1,Mathematics,1\n7,51,1,4B,HR\n",
		"enrollments.csv": "School_id,Section_id,Student_id\n7,50,1\n7,51,1\n7,51,2\n",
	})
	wantCodes(t, got, "4 orphan_user!")
	want := "1 Ana 4 [student] 4B (Ngozi Okafor)  active Cedar Hollow [mum@x.org]\n1 Ngozi  [teacher] 4B ()  active Cedar Hollow []\n"
	if got.Source != Clever || brief(got) != want {
		t.Errorf("%s\n%s", got.Source, brief(got))
	}
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{ours + "1,,Núñez,Ana,4,4B,a@x.org,student\n", "\xff\xfea\x00", "sep=;\n\"a;b\n", "a\rb\r\"", ours + "\"\n\"\n\"\n,,,\"x"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := read(setOf(map[string]string{"people.csv": string(text)}))
		checkSound(t, r, err, strings.Count(string(text), "\n")+strings.Count(string(text), "\r")+2)
	})
}

func FuzzOneRoster(f *testing.F) {
	small := smallSchool()
	f.Add([]byte(small["users.csv"]), []byte(small["classes.csv"]), []byte(small["enrollments.csv"]))
	f.Fuzz(func(t *testing.T, users, classes, enrollments []byte) {
		files := maps.Clone(small)
		files["users.csv"], files["classes.csv"], files["enrollments.csv"] = string(users), string(classes), string(enrollments)
		r, err := read(setOf(files))
		checkSound(t, r, err, 1<<30)
	})
}

func checkSound(t *testing.T, r Roster, err error, lines int) {
	t.Helper()
	if err != nil {
		if err.Error() == "" || len(r.Persons) > 0 {
			t.Fatalf("error %q with %d persons", err, len(r.Persons))
		}
		return
	}
	for _, p := range r.Persons {
		if p.Line < 2 || p.Line > lines || p.Status != Active && p.Status != Left ||
			p.DistrictID+p.SourceID+p.Barcode+p.LastName+p.FirstName == "" {
			t.Fatalf("person %+v", p)
		}
	}
}
