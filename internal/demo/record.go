package demo

import (
	"fmt"
	"strings"

	"carrel/internal/marc"
	"carrel/internal/roster"
	"carrel/internal/sample"
)

// record is a sample title as the MARC record a school library would have.
func record(number int, title sample.Title, items []sample.Item) marc.Record {
	r := marc.Record{Leader: "00000n" + recordType(title) + "m a2200000   4500"}
	r.Fields = append(r.Fields,
		marc.Field{Tag: "001", Value: fmt.Sprintf("sample%06d", number+1)},
		marc.Field{Tag: "003", Value: "CarrelSample"},
		marc.Field{Tag: "008", Value: fixed(title)},
	)
	if class := title.Class; class != "" {
		r.Fields = append(r.Fields, field("092", " ", "a", title.CallNumber))
	}
	if title.Author != "" {
		r.Fields = append(r.Fields, field("100", "1", "a", title.Author))
	}
	r.Fields = append(r.Fields, field("245", "1", "a", title.Title, "n", title.Part, "b", title.Subtitle))
	if title.Publisher != "" {
		r.Fields = append(r.Fields, field("264", " ", "b", title.Publisher, "c", year(title.Year)))
		r.Fields[len(r.Fields)-1].Ind2 = '1'
	}
	if title.Series != "" {
		r.Fields = append(r.Fields, field("490", "0", "a", title.Series))
	}
	if grades := title.Grades.String(); grades != "" {
		r.Fields = append(r.Fields, field("521", "2", "a", grades))
	}
	for _, subject := range title.Subjects {
		r.Fields = append(r.Fields, field("650", " ", "a", subject))
	}
	if title.Illustrator != "" {
		r.Fields = append(r.Fields, field("700", "1", "a", title.Illustrator, "e", "illustrator"))
	}
	for _, item := range items {
		facts := marc.ItemFacts{
			Barcode: item.Barcode, CallNumber: item.CallNumber, ItemType: item.Type, Location: item.Location, Copy: fmt.Sprint(item.Copy),
			PriceCents: item.PriceCents, Currency: "USD", Acquired: item.Acquired.String(),
		}
		if item.NotForLoan {
			facts.Status = marc.StatusNotForLoan
		}
		r.Fields = append(r.Fields, marc.NewItemField(facts))
	}
	return r
}

// field makes a data field of code and value pairs; empty values are left out.
func field(tag, ind1 string, pairs ...string) marc.Field {
	f := marc.Field{Tag: tag, Ind1: ind1[0], Ind2: ' '}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			f.Subfields = append(f.Subfields, marc.Subfield{Code: pairs[i][0], Value: pairs[i+1]})
		}
	}
	return f
}

func year(year int) string {
	if year == 0 {
		return ""
	}
	return fmt.Sprint(year)
}

// recordType is leader/06: language material, or a three-dimensional object.
func recordType(title sample.Title) string {
	if title.Type == sample.TypeObject {
		return "r"
	}
	return "a"
}

// fixed is the 008 of a book: year, place unknown, audience and language (MARC 21, 008 Books).
func fixed(title sample.Title) string {
	date := "nuuuu"
	if title.Year != 0 {
		date = fmt.Sprintf("s%04d", title.Year)
	}
	language := title.Language
	if len(language) != 3 {
		language = "   "
	}
	return "260101" + date + "    xxu    " + audience(title.Grades) + "      000 0 " + language + " d"
}

// audience is 008/22.
func audience(grades sample.Grades) string {
	switch {
	case !grades.Known:
		return "e"
	case grades.High <= 3:
		return "b"
	case grades.High <= 8:
		return "c"
	}
	return "d"
}

// patrons are the sample's people as a roster has them.
func (l *loader) patrons() []roster.Person {
	people := make([]roster.Person, 0, len(l.school.Patrons))
	for _, patron := range l.school.Patrons {
		person := roster.Person{
			DistrictID: patron.DistrictID, Barcode: patron.Barcode, FirstName: patron.FirstName, LastName: patron.LastName, Grade: patron.Grade,
			Type: patron.Type, Email: patron.Email, Language: patron.Language, Status: roster.Active,
		}
		if patron.GuardianEmail != "" {
			person.GuardianEmails = strings.Split(patron.GuardianEmail, ";")
		}
		if patron.Homeroom >= 0 {
			room := l.school.Homerooms[patron.Homeroom]
			teacher := l.school.Patrons[room.Teacher]
			person.Homeroom, person.HomeroomTeacher = room.Name, teacher.FirstName+" "+teacher.LastName
		}
		people = append(people, person)
	}
	return people
}
