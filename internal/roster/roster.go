// Package roster reads the lists of people that schools export: one CSV file in our own columns or
// in those of Destiny, Google, Microsoft School Data Sync and Clever, or a OneRoster 1.1 or 1.2 set
// as a zip or a folder. It gives values and a list of problems; it stores nothing and deletes nobody.
package roster

import (
	"fmt"
	"strings"
)

// Where a roster came from.
const (
	Carrel      = "carrel"
	Destiny     = "destiny"
	Google      = "google"
	Microsoft   = "microsoft-sds"
	Clever      = "clever"
	OneRoster11 = "oneroster-1.1"
	OneRoster12 = "oneroster-1.2"
)

// The two states of a person.
const (
	Active = "active"
	Left   = "left"
)

// Roster is everybody in one export.
type Roster struct {
	Source   string // Carrel, Destiny, …
	Persons  []Person
	Problems []Problem
	Delta    bool // the export holds changes only: who is missing has not left
}

// Person is one student, teacher or other borrower. A value that is unknown is empty.
type Person struct {
	Line            int    // where the person's row begins, the heading being line 1
	DistrictID      string // student or employee number
	SourceID        string // the exporting system's own key
	Barcode         string
	LastName        string
	FirstName       string
	MiddleName      string
	PreferredName   string // the first name the person goes by
	Grade           string // "PK", "K", "1" … "12"; "" when ungraded or unknown
	Homeroom        string
	HomeroomTeacher string
	Email           string
	GuardianEmails  []string
	Language        string // of the family: ISO 639-1, or 639-3 where 639-1 has none
	BirthDate       string // YYYY-MM-DD
	Type            string // as in the file: "student", "Teacher", "Grade 4 patron", …
	Status          string // Active or Left
	School          string // name, or what the file has
	SchoolID        string
}

// Problem is one thing in a file that could not be taken as it stands.
type Problem struct {
	File    string
	Line    int    // the heading being line 1; 0 when the problem is the whole file's
	Column  string // as in the file; "" when it is the row's
	Code    string // one of the Problem codes
	Value   string // what the file has there
	Message string // in English
	Skipped bool   // the row was left out; otherwise only the value was
}

// Args is what the sentence for the problem's code takes, for saying it in another language.
func (p Problem) Args() []any {
	if strings.Contains(sentences[p.Code], "%") {
		return []any{p.Value}
	}
	return nil
}

// Problem codes.
const (
	NoNameNoID       = "no_name_no_id"
	TooManyColumns   = "too_many_columns"
	OpenQuote        = "open_quote"
	DuplicateRow     = "duplicate_row"
	ConflictingRow   = "conflicting_row"
	DuplicateBarcode = "duplicate_barcode"
	UnknownGrade     = "unknown_grade"
	UnknownLanguage  = "unknown_language"
	UnknownStatus    = "unknown_status"
	WrongDate        = "wrong_date"
	WrongEmail       = "wrong_email"
	OrphanUser       = "orphan_user"
	OrphanClass      = "orphan_class"
	NoManifest       = "no_manifest"
	// ControlCharacters are told of by Sheets only.
	ControlCharacters = "control_characters"
)

var sentences = map[string]string{
	NoNameNoID:       "This row has neither a name nor a number.",
	TooManyColumns:   "This row has more values than the heading has columns. Is a comma missing its quotation marks?",
	OpenQuote:        "A quotation mark in this row is never closed.",
	DuplicateRow:     "This row repeats an earlier one.",
	ConflictingRow:   "Two rows with the number %q differ. One of them was taken.",
	DuplicateBarcode: "The barcode %q already belongs to somebody else in this file.",
	UnknownGrade:     "The grade %q is not known.",
	UnknownLanguage:  "The language %q is not known.",
	UnknownStatus:    "The status %q is not known. The person was taken as active.",
	WrongDate:        "%q is not a date.",
	WrongEmail:       "%q is not a mail address.",
	OrphanUser:       "This enrolment names the person %q, who is not in the list of people.",
	OrphanClass:      "This enrolment names the class %q, which is not in the list of classes.",
	NoManifest:       "The set has no manifest.csv. It was read as a complete list in version 1.1.",

	ControlCharacters: "A cell holds control characters. They were left out.",
}

// FileError tells why a file cannot be read as a roster at all.
type FileError struct {
	File   string
	Code   string // one of the FileError codes
	Detail string // what the sentence quotes: a column, a name inside a zip, a cause
}

// FileError codes.
const (
	Unreadable    = "unreadable"
	NotARoster    = "not_a_roster"
	Document      = "document"
	Picture       = "picture"
	Workbook      = "workbook"
	WebPage       = "web_page"
	Empty         = "empty"
	MissingColumn = "missing_column"
	MissingFile   = "missing_file"
	DoubleFile    = "double_file"
	LineTooLong   = "line_too_long"
	BrokenZip     = "broken_zip"
	LockedZip     = "locked_zip"
	UnsafeZip     = "unsafe_zip"
	HugeZip       = "huge_zip"
)

var fileSentences = map[string]string{
	Unreadable:    "The file cannot be read: %s.",
	NotARoster:    "This is not a table of text. Please export the list as CSV.",
	Document:      "This is a PDF document, which people can read but programs cannot. Please export the list as CSV.",
	Picture:       "This is a picture. Please export the list as CSV.",
	Workbook:      "This is an Excel workbook. Please open it and save it as CSV.",
	WebPage:       "This is a web page, not a list. Perhaps the sign-in to the other system had ended.",
	Empty:         "The file is empty.",
	MissingColumn: "The column %q is missing.",
	MissingFile:   "The set has no %s.",
	DoubleFile:    "There are two files named %q. Please choose the folder of one export.",
	LineTooLong:   "Line %s is longer than a million characters. This is not a list of people.",
	BrokenZip:     "The zip file is damaged. Please export it again.",
	LockedZip:     "The zip file is locked with a password. Please export it without one.",
	UnsafeZip:     "The zip file holds a name that leads outside of it: %q.",
	HugeZip:       "The zip file unpacks to far more than any list of people.",
}

func (e *FileError) Error() string {
	return e.File + ": " + fmt.Sprintf(fileSentences[e.Code], e.Args()...)
}

// Args is what the sentence for the error's code takes, for saying it in another language.
func (e *FileError) Args() []any {
	if strings.Contains(fileSentences[e.Code], "%") {
		return []any{e.Detail}
	}
	return nil
}

// Open reads the roster at path: a CSV file, or a zip or folder with the files of one export.
// An error is a *FileError; everything smaller is in the roster's Problems.
func Open(path string) (Roster, error) { return OpenWith(path, Options{}) }

// OpenWith is Open with options.
func OpenWith(path string, options Options) (Roster, error) {
	set, err := openSet(path)
	if err != nil {
		return Roster{}, err
	}
	defer set.close()
	return readWith(set, options)
}

func read(set *fileSet) (Roster, error) { return readWith(set, Options{}) }

func readWith(set *fileSet, options Options) (Roster, error) {
	r := &reader{set: set, options: options}
	if err := r.readSet(); err != nil {
		return Roster{}, err
	}
	r.readDates()
	r.dropDoubleBarcodes()
	for _, one := range r.people {
		r.out.Persons = append(r.out.Persons, one.Person)
	}
	return r.out, nil
}

// readSet tells by the names of the files whose set this is.
func (r *reader) readSet() error {
	for _, layout := range layouts {
		if r.set.has(layout.students) && r.set.has(layout.sections) {
			return r.linked(layout)
		}
	}
	if name, ok := r.set.only(); ok {
		return r.flat(name)
	}
	if err := r.set.known(); err != nil {
		return err
	}
	return r.oneRoster()
}

// reader gathers one roster.
type reader struct {
	set     *fileSet
	options Options
	out     Roster
	people  []entry
}

// entry is a person with what is needed to finish reading it.
type entry struct {
	Person
	file    string
	changed string   // dateLastModified, when the file has it
	agents  []string // source ids of guardians, or of the children of one
	birth   string   // the column of the birth date, as in the file
}

func (r *reader) problem(p Problem) {
	p.Message = sentences[p.Code]
	if args := p.Args(); args != nil {
		p.Message = fmt.Sprintf(p.Message, args...)
	}
	r.out.Problems = append(r.out.Problems, p)
}
