package collections

import "carrel/internal/policy"

// Patron borrows. Barcode is the number of the old card, Card the random token of Carrel's own.
type Patron struct {
	ID            string     `db:"id"`
	Barcode       string     `db:"barcode"`
	BarcodeKey    string     `db:"barcode_key"`
	Card          string     `db:"card"`
	DistrictID    string     `db:"district_id"`
	SourceID      string     `db:"source_id"`
	LastName      string     `db:"last_name"`
	FirstName     string     `db:"first_name"`
	Grade         string     `db:"grade"` // PK, K, 1 … 12; empty for grown-ups
	Type          string     `db:"type"`
	Homeroom      string     `db:"homeroom"`
	Email         string     `db:"email"`
	GuardianEmail string     `db:"guardian_email"` // several are separated by ";"
	Language      string     `db:"language"`       // ISO 639-1, of the family
	BirthDate     policy.Day `db:"birth_date"`
	Status        string     `db:"status"`
	Expires       policy.Day `db:"expires"`
	Block         string     `db:"block"` // the reason of a block set by hand
	KeepHistory   bool       `db:"keep_history"`
	Picture       string     `db:"picture"`
	Note          string     `db:"note"`     // what the librarian should know at the desk
	SayName       string     `db:"say_name"` // how the name is said
	Reads         string     `db:"reads"`    // the languages the patron reads, in the librarian's words
}

func (Patron) Collection() string { return Patrons }

// The states of a patron. A roster never deletes: who is missing has left and can come back.
const (
	PatronActive = "active"
	PatronLeft   = "left"
)

// Name is the patron's whole name as staff read it.
func (p Patron) Name() string {
	if p.FirstName == "" {
		return p.LastName
	}
	if p.LastName == "" {
		return p.FirstName
	}
	return p.FirstName + " " + p.LastName
}

// PatronType groups patrons for the loan rules: student, teacher …
type PatronType struct {
	ID   string `db:"id"`
	Code string `db:"code"`
	Name string `db:"name"`
}

func (PatronType) Collection() string { return PatronTypes }

// Homeroom is the class a patron belongs to for handing out slips.
type Homeroom struct {
	ID      string `db:"id"`
	Name    string `db:"name"`
	Teacher string `db:"teacher"`
	Grade   string `db:"grade"`
	// LibraryDays are the days on which the class comes, as weekdays or days of the cycle: "tue, thu", "A".
	LibraryDays string `db:"library_days"`
	// Visits are those days with their hours, for the kiosk's class window: "tue 09:00-09:45; A 13:10-13:55".
	Visits string `db:"visits"`
}

func (Homeroom) Collection() string { return Homerooms }
