package roster

import (
	"slices"
	"strings"
)

// flat reads one file that holds everything.
func (r *reader) flat(name string) error {
	source, err := r.readPeople(name, "", nil)
	r.out.Source = source
	r.dropDuplicates()
	return err
}

// readPeople reads the persons of the named file and returns whose heading it has. A person without
// a type gets kind. extra, if not nil, sees each person's row.
func (r *reader) readPeople(name, kind string, extra func(*entry, row)) (string, error) {
	t, err := r.open(name)
	if err != nil {
		return "", err
	}
	defer t.close()
	d := dialectOf(t)
	columns := r.options.over(t.columnsOf(d))
	if column := d.missing(columns); column != "" {
		return "", &FileError{File: t.file, Code: MissingColumn, Detail: column}
	}
	err = t.each(func(one row) {
		person, ok := r.person(one, columns)
		if !ok {
			return
		}
		if person.Type == "" {
			person.Type = kind
		}
		if d.source == Google && person.SourceID == "" {
			person.SourceID = person.Email // the key of a Google account
		}
		if extra != nil {
			extra(&person, one)
		}
		r.people = append(r.people, person)
	})
	return d.source, err
}

// person reads one row; ok is false when it names nobody.
func (r *reader) person(one row, columns []string) (entry, bool) {
	person := entry{Person: Person{Line: one.line, Status: Active}, file: one.of.file}
	for i, cell := range one.cells {
		if i < len(columns) && cell != "" {
			r.put(&person, columns[i], one.of.heading[i], cell)
		}
	}
	if person.LastName+person.FirstName+person.DistrictID+person.SourceID+person.Barcode == "" {
		r.problem(Problem{File: person.file, Line: person.Line, Code: NoNameNoID, Skipped: true})
		return person, false
	}
	return person, true
}

// put puts one cell that holds something into our column of a person. Of two columns with one
// meaning the first counts.
func (r *reader) put(p *entry, column, heading, cell string) {
	wrong := func(code, value string) {
		r.problem(Problem{File: p.file, Line: p.Line, Column: heading, Code: code, Value: value})
	}
	switch column {
	case "grade":
		first, _, _ := strings.Cut(cell, ",") // OneRoster allows several
		g, ok := grade(strings.TrimSpace(first))
		if !ok {
			wrong(UnknownGrade, cell)
		}
		fill(&p.Grade, g)
	case "language":
		code, ok := languageCode(cell)
		if !ok {
			wrong(UnknownLanguage, cell)
		}
		fill(&p.Language, code)
	case "status":
		s, ok := status(cell)
		if !ok {
			wrong(UnknownStatus, cell)
		}
		p.Status = s
	case "email":
		// A column of user names counts as mail where the names are addresses.
		if good, _ := addresses(cell); len(good) > 0 {
			fill(&p.Email, good[0])
		} else if plain(heading) != "username" {
			wrong(WrongEmail, cell)
		}
	case "guardian_email":
		good, bad := addresses(cell)
		p.GuardianEmails = append(p.GuardianEmails, good...)
		for _, address := range bad {
			wrong(WrongEmail, address)
		}
	case "birth_date":
		if p.BirthDate == "" {
			p.BirthDate, p.birth = cell, heading
		}
	default:
		if place := p.text(column); place != nil {
			fill(place, cell)
		}
	}
}

// text is where a column of plain text goes; nil for a column that is not ours.
func (p *entry) text(column string) *string {
	switch column {
	case "district_id":
		return &p.DistrictID
	case "source_id":
		return &p.SourceID
	case "barcode":
		return &p.Barcode
	case "last_name":
		return &p.LastName
	case "first_name":
		return &p.FirstName
	case "middle_name":
		return &p.MiddleName
	case "preferred_name":
		return &p.PreferredName
	case "homeroom":
		return &p.Homeroom
	case "homeroom_teacher":
		return &p.HomeroomTeacher
	case "type":
		return &p.Type
	case "school":
		return &p.School
	case "school_id":
		return &p.SchoolID
	case "changed":
		return &p.changed
	}
	return nil
}

func fill(place *string, value string) {
	if *place == "" {
		*place = value
	}
}

// readDates reads the birth dates once all are known, since only together do they tell day from month.
func (r *reader) readDates() {
	byFile := map[string][]string{}
	for _, p := range r.people {
		if p.BirthDate != "" {
			byFile[p.file] = append(byFile[p.file], p.BirthDate)
		}
	}
	order := map[string]bool{}
	for file, dates := range byFile {
		order[file] = dayFirst(dates)
	}
	for i := range r.people {
		p := &r.people[i]
		if p.BirthDate == "" {
			continue
		}
		day, ok := date(p.BirthDate, order[p.file])
		if !ok {
			r.problem(Problem{File: p.file, Line: p.Line, Column: p.birth, Code: WrongDate, Value: p.BirthDate})
		}
		p.BirthDate = day
	}
}

// dropDuplicates leaves one entry for each person. Rows that differ only in a guardian are one person
// with all the guardians: Clever writes a row for each. Of rows that differ otherwise, one of a person
// still there is taken before one who left, the later change before the earlier, the later row before the earlier.
func (r *reader) dropDuplicates() {
	kept := r.people[:0]
	at := map[string]int{}
	for _, p := range r.people {
		p.GuardianEmails = distinct(p.GuardianEmails)
		id := identity(p)
		i, seen := at[id]
		if !seen {
			at[id] = len(kept)
			kept = append(kept, p)
			continue
		}
		have := &kept[i]
		guardians := distinct(slices.Concat(have.GuardianEmails, p.GuardianEmails))
		switch {
		case same(*have, p):
			if len(guardians) == len(have.GuardianEmails) {
				r.problem(Problem{File: p.file, Line: p.Line, Code: DuplicateRow, Skipped: true})
			}
		case newer(p, *have):
			r.problem(Problem{File: p.file, Line: have.Line, Code: ConflictingRow, Value: number(p), Skipped: true})
			*have = p
		default:
			r.problem(Problem{File: p.file, Line: p.Line, Code: ConflictingRow, Value: number(p), Skipped: true})
		}
		have.GuardianEmails = guardians
	}
	clear(r.people[len(kept):])
	r.people = kept
}

// number is what the field knows a person by.
func number(p entry) string {
	if p.SourceID != "" {
		return p.SourceID
	}
	return p.DistrictID
}

// identity is equal for two rows of one person. Students and teachers are numbered apart when they
// come in files of their own. Names alone do not make a person: there are two Ana Garcías.
func identity(p entry) string {
	switch {
	case p.SourceID != "":
		return p.file + "\x00source\x00" + p.SourceID
	case p.DistrictID != "":
		return p.file + "\x00district\x00" + p.DistrictID
	case p.Barcode != "":
		return p.file + "\x00barcode\x00" + p.Barcode
	}
	return strings.Join([]string{p.file, p.LastName, p.FirstName, p.MiddleName, p.BirthDate, p.Grade, p.Homeroom, p.Email}, "\x00")
}

// same compares two rows but for line, time of change and guardians.
func same(a, b entry) bool { return a.texts() == b.texts() }

func (p Person) texts() [17]string {
	return [17]string{p.DistrictID, p.SourceID, p.Barcode, p.LastName, p.FirstName, p.MiddleName, p.PreferredName, p.Grade, p.Homeroom,
		p.HomeroomTeacher, p.Email, p.Language, p.BirthDate, p.Type, p.Status, p.School, p.SchoolID}
}

func newer(p, than entry) bool {
	if p.Status != than.Status {
		return p.Status == Active
	}
	return p.changed >= than.changed // ISO 8601 in UTC, or both empty
}

func distinct(addresses []string) []string {
	var kept []string
	for _, address := range addresses {
		if !slices.ContainsFunc(kept, func(have string) bool { return strings.EqualFold(have, address) }) {
			kept = append(kept, address)
		}
	}
	return kept
}

// dropDoubleBarcodes leaves a barcode with the first who has it; the others keep all but the barcode.
func (r *reader) dropDoubleBarcodes() {
	owned := map[string]bool{}
	for i := range r.people {
		p := &r.people[i]
		switch {
		case p.Barcode == "":
		case owned[p.Barcode]:
			r.problem(Problem{File: p.file, Line: p.Line, Code: DuplicateBarcode, Value: p.Barcode})
			p.Barcode = ""
		default:
			owned[p.Barcode] = true
		}
	}
}
