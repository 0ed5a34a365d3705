package roster

// layout is a set of files in which students, teachers and sections are linked by their numbers.
type layout struct {
	source             string
	students, teachers string
	sections, schools  string
	studentLinks       string
	teacherLinks       string // "" when the section names its teachers
}

// layouts are the sets of School Data Sync 1 and of Clever.
// https://learn.microsoft.com/schooldatasync and https://dev.clever.com describe the columns.
var layouts = []layout{
	{source: Microsoft, students: "student", teachers: "teacher", sections: "section", schools: "school",
		studentLinks: "studentenrollment", teacherLinks: "teacherroster"},
	{source: Clever, students: "students", teachers: "teachers", sections: "sections", schools: "schools",
		studentLinks: "enrollments"},
}

// Plain names of the columns that link files.
var (
	sectionColumns = []string{"sectionsisid", "sectionid"}
	studentColumns = []string{"studentid", "sisid", "id"}
	teacherColumns = []string{"teacherid", "sisid", "id"}
	schoolColumns  = []string{"schoolid", "sisid", "dfenumber", "sourcedid"}
)

func (r *reader) linked(files layout) error {
	r.out.Source = files.source
	if _, err := r.readPeople(files.students, "student", nil); err != nil {
		return err
	}
	if r.set.has(files.teachers) {
		if _, err := r.readPeople(files.teachers, "teacher", nil); err != nil {
			return err
		}
	}
	r.dropDuplicates()
	students := r.bySource(files.students)
	teachers := r.bySource(files.teachers)
	seats := newRooms()
	if err := r.sections(files, seats, teachers); err != nil {
		return err
	}
	if err := r.links(files.studentLinks, students, studentColumns, seats, seats.seatStudent); err != nil {
		return err
	}
	if err := r.links(files.teacherLinks, teachers, teacherColumns, seats, seats.seatTeacher); err != nil {
		return err
	}
	seats.assign()
	return r.nameSchools(files.schools)
}

// bySource indexes the people of the named file. Their list must not grow afterwards.
func (r *reader) bySource(file string) map[string]*entry {
	index := map[string]*entry{}
	for i := range r.people {
		if p := &r.people[i]; p.file == r.set.files[file].name && p.SourceID != "" {
			index[p.SourceID] = p
		}
	}
	return index
}

// rows calls do with every row of the named file, if the set has it.
func (r *reader) rows(name string, do func(row)) error {
	if !r.set.has(name) {
		return nil
	}
	t, err := r.open(name)
	if err != nil {
		return err
	}
	defer t.close()
	return t.each(do)
}

func (r *reader) sections(files layout, seats *rooms, teachers map[string]*entry) error {
	return r.rows(files.sections, func(one row) {
		id := one.get("sectionid", "sisid", "id")
		seats.addClass(id, one.get("sectionname", "name", "coursename"), plain(one.get("period")) == "hr", isLeft(one.get("status")))
		for _, column := range []string{"teacherid", "primaryteacherid", "teacher1id"} {
			if teacher := teachers[one.get(column)]; teacher != nil {
				seats.seatTeacher(seat{class: seats.classes[id], person: teacher, first: true})
			}
		}
	})
}

func isLeft(text string) bool {
	s, _ := status(text) // a status nobody knows does not end a class
	return s == Left
}

// links seats people in classes by the rows of the named file.
func (r *reader) links(name string, people map[string]*entry, columns []string, seats *rooms, sit func(seat)) error {
	return r.rows(name, func(one row) {
		r.link(one, seats, people, one.get(sectionColumns...), one.get(columns...), sit)
	})
}

// link seats one person, or reports an enrolment of nobody or in no class.
func (r *reader) link(one row, seats *rooms, people map[string]*entry, classID, personID string, sit func(seat)) {
	person, class := people[personID], seats.classes[classID]
	switch {
	case person == nil:
		r.problem(Problem{File: one.of.file, Line: one.line, Code: OrphanUser, Value: personID, Skipped: true})
	case class == nil:
		r.problem(Problem{File: one.of.file, Line: one.line, Code: OrphanClass, Value: classID, Skipped: true})
	case !class.gone:
		sit(seat{class: class, person: person, first: isTrue(one.get("primary", "isprimary")), begins: one.get("begindate")})
	}
}

func isTrue(text string) bool { return plain(text) == "true" || text == "1" }

// nameSchools writes the names of the named file's schools into the people.
func (r *reader) nameSchools(file string) error {
	schools := map[string]string{}
	err := r.rows(file, func(one row) {
		if id := one.get(schoolColumns...); id != "" {
			schools[id] = one.get("schoolname", "name")
		}
	})
	for i := range r.people {
		fill(&r.people[i].School, schools[r.people[i].SchoolID])
	}
	return err
}
