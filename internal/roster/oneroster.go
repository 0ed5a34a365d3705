package roster

import (
	"slices"
	"strings"
)

// oneRoster reads the files of OneRoster 1.1 (section 13 of its CSV tables) or 1.2 (its rostering CSV
// binding), and those of School Data Sync 2, which are of the same kind with columns missing.
func (r *reader) oneRoster() error {
	version, err := r.manifest()
	if err != nil {
		return err
	}
	source, err := r.readUsers()
	if err != nil {
		return err
	}
	r.dropDuplicates()
	people := r.bySource("users")
	if err := r.roles(people); err != nil {
		return err
	}
	if err := r.birthDates(people); err != nil {
		return err
	}
	if err := r.homerooms(people); err != nil {
		return err
	}
	if err := r.guardians(people); err != nil {
		return err
	}
	r.out.Source = r.oneRosterSource(version, source)
	return r.nameSchools("orgs")
}

func (r *reader) oneRosterSource(version, heading string) string {
	switch {
	case strings.HasPrefix(version, "1.2"):
		return OneRoster12
	case version != "":
		return OneRoster11
	case heading == Microsoft:
		return Microsoft
	}
	r.problem(Problem{File: r.set.name, Code: NoManifest})
	if r.set.has("roles") {
		return OneRoster12
	}
	return OneRoster11
}

// manifest returns the version, "" without a manifest, and notes whether the set holds changes only.
func (r *reader) manifest() (version string, err error) {
	err = r.rows("manifest", func(one row) {
		value := one.get("value")
		switch strings.ToLower(one.get("propertyname")) {
		case "oneroster.version":
			version = value
		case "file.users", "file.enrollments", "file.roles":
			r.out.Delta = r.out.Delta || strings.EqualFold(value, "delta")
		}
	})
	return version, err
}

func (r *reader) readUsers() (string, error) {
	return r.readPeople("users", "", func(p *entry, one row) {
		p.agents = list(one.get("agentsourcedids"))
		if schools := list(p.SchoolID); len(schools) > 0 {
			p.SchoolID = schools[0]
		}
	})
}

// list splits the values of a cell that may hold several.
func list(cell string) []string {
	return strings.FieldsFunc(cell, func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
}

// role is one row of roles.csv.
type role struct {
	name, grade, school string
	primary             bool
	begins              string
}

// better prefers what makes a person a borrower to being somebody's parent, then the primary role, then the latest.
func (a role) better(b role) bool {
	switch {
	case guardianRole(a.name) != guardianRole(b.name):
		return guardianRole(b.name)
	case a.primary != b.primary:
		return a.primary
	}
	return a.begins > b.begins
}

func guardianRole(name string) bool {
	switch strings.ToLower(name) {
	case "guardian", "parent", "relative":
		return true
	}
	return false
}

// roles reads what 1.2 and School Data Sync 2.1 keep apart from the people.
func (r *reader) roles(people map[string]*entry) error {
	best := map[*entry]role{}
	err := r.rows("roles", func(one row) {
		id := one.get("usersourcedid")
		person := people[id]
		if person == nil {
			r.problem(Problem{File: one.of.file, Line: one.line, Code: OrphanUser, Value: id, Skipped: true})
			return
		}
		if isLeft(one.get("status")) {
			return
		}
		next := role{name: one.get("role"), grade: one.get("grade"), school: one.get("orgsourcedid"),
			primary: strings.EqualFold(one.get("roletype"), "primary") || isTrue(one.get("isprimary")),
			begins:  one.get("begindate", "rolestartdate")}
		if have, ok := best[person]; !ok || next.better(have) {
			best[person] = next
		}
	})
	for person, one := range best {
		person.Type = one.name
		fill(&person.SchoolID, one.school)
		g, _ := grade(one.grade) // codes of higher education, such as ps1, are no grades of a school
		fill(&person.Grade, g)
	}
	return err
}

func (r *reader) birthDates(people map[string]*entry) error {
	if r.options.NoBirthDates {
		return nil
	}
	return r.rows("demographics", func(one row) {
		if person := people[one.get("usersourcedid", "sourcedid")]; person != nil && !isLeft(one.get("status")) {
			person.BirthDate, person.birth = one.get("birthdate"), "birthDate"
		}
	})
}

func (r *reader) homerooms(people map[string]*entry) error {
	seats := newRooms()
	err := r.rows("classes", func(one row) {
		seats.addClass(one.get("sourcedid"), one.get("title", "classcode"),
			strings.EqualFold(one.get("classtype"), "homeroom"), isLeft(one.get("status")))
	})
	if err != nil {
		return err
	}
	err = r.rows("enrollments", func(one row) {
		if isLeft(one.get("status")) {
			return
		}
		sit := func(seat) {}
		switch strings.ToLower(one.get("role")) {
		case "student":
			sit = seats.seatStudent
		case "teacher", "professor", "faculty":
			sit = seats.seatTeacher
		}
		r.link(one, seats, people, one.get("classsourcedid"), one.get("usersourcedid"), sit)
	})
	seats.assign()
	return err
}

// guardians gives the mail addresses of parents to their children and takes the parents out of the
// list of borrowers. Sets name the parents of a child, the children of a parent, or both in relationships.csv.
func (r *reader) guardians(people map[string]*entry) error {
	err := r.rows("relationships", func(one row) {
		if person := people[one.get("usersourcedid")]; person != nil {
			person.agents = append(person.agents, one.get("relationshipusersourcedid"))
		}
	})
	named := map[string]bool{}
	for i := range r.people {
		if !guardianRole(r.people[i].Type) {
			for _, id := range r.people[i].agents {
				named[id] = true
			}
		}
	}
	isGuardian := func(p *entry) bool { return guardianRole(p.Type) || p.Type == "" && named[p.SourceID] }
	for i := range r.people {
		p := &r.people[i]
		for _, id := range p.agents {
			other := people[id]
			if other == nil {
				continue
			}
			child, guardian := p, other
			if isGuardian(p) {
				child, guardian = other, p
			}
			if isGuardian(guardian) && !isGuardian(child) && guardian.Email != "" && guardian.Status == Active {
				child.GuardianEmails = distinct(append(child.GuardianEmails, guardian.Email))
			}
		}
	}
	r.people = slices.DeleteFunc(r.people, func(p entry) bool { return isGuardian(&p) })
	return err
}
