package roster

import "slices"

// Columns of a person, under the names of our own heading; below, the plain names by which each is
// known in the exports of the field. A later dialect's name for a column wins over the common one.
var commonColumns = map[string]string{
	"districtid": "district_id", "studentid": "district_id", "studentnumber": "district_id", "employeeid": "district_id",
	"teachernumber": "district_id", "patronid": "district_id", "localid": "district_id", "idnumber": "district_id",
	"sourceid": "source_id", "sourcedid": "source_id", "sisid": "source_id",
	"barcode": "barcode", "patronbarcode": "barcode", "librarybarcode": "barcode", "cardnumber": "barcode",
	"lastname": "last_name", "familyname": "last_name", "surname": "last_name", "apellido": "last_name", "apellidos": "last_name",
	"firstname": "first_name", "givenname": "first_name", "nombre": "first_name", "nombres": "first_name",
	"middlename": "middle_name", "preferredgivenname": "preferred_name", "preferredfirstname": "preferred_name",
	"preferredname": "preferred_name", "nickname": "preferred_name",
	"grade": "grade", "grades": "grade", "gradelevel": "grade", "grado": "grade",
	"homeroom": "homeroom", "hr": "homeroom", "class": "homeroom",
	"homeroomteacher": "homeroom_teacher", "teacher": "homeroom_teacher", "teachername": "homeroom_teacher",
	"email": "email", "emailaddress": "email", "primaryemail": "email", "emailprimary": "email", "email1": "email",
	"emailaddress1": "email", "studentemail": "email", "teacheremail": "email", "staffemail": "email", "schoolemail": "email",
	"guardianemail": "guardian_email", "guardianemails": "guardian_email", "parentemail": "guardian_email",
	"parentemails": "guardian_email", "contactemail": "guardian_email", "familyemail": "guardian_email",
	"guardian1email": "guardian_email", "guardian2email": "guardian_email", "parent1email": "guardian_email", "parent2email": "guardian_email",
	"language": "language", "homelanguage": "language", "familylanguage": "language", "idioma": "language",
	"birthdate": "birth_date", "dateofbirth": "birth_date", "dob": "birth_date", "birthday": "birth_date",
	"type": "type", "patrontype": "type", "role": "type", "employeetype": "type",
	"status": "status", "patronstatus": "status",
	"school": "school", "schoolname": "school", "site": "school", "sitename": "school", "siteshortname": "school",
	"schoolid": "school_id", "schoolnumber": "school_id", "orgsourcedid": "school_id", "orgsourcedids": "school_id",
	"primaryorgsourcedid": "school_id", "schoolsisid": "school_id",
	"datelastmodified": "changed",
}

// dialect is what sets one exporter's heading apart.
type dialect struct {
	source  string
	signs   [][]string        // plain names: all of one group must be there
	columns map[string]string // over commonColumns
	needs   []string          // our columns that must be there
	knows   []string          // our columns of which one must be there, or nobody is recognised next year
	calls   map[string]string // their names for our columns, for messages
}

var (
	names   = []string{"last_name", "first_name"}
	numbers = []string{"district_id", "source_id", "barcode"}
)

// dialects are tried in order; the last takes every file.
var dialects = []dialect{
	{source: Google, signs: [][]string{{"orgunitpath"}, {"emailaddress", "passwordhashfunction"}, {"emailaddress", "newprimaryemail"}},
		columns: map[string]string{"department": "homeroom"}, needs: []string{"last_name", "first_name", "email"},
		calls: map[string]string{"last_name": "Last Name", "first_name": "First Name", "email": "Email Address"}},
	{source: Clever, signs: [][]string{{"schoolid", "studentid", "lastname"}, {"schoolid", "teacherid", "lastname"}, {"schoolid", "staffid", "lastname"}},
		columns: map[string]string{"studentid": "source_id", "teacherid": "source_id", "staffid": "source_id", "title": ""},
		needs:   []string{"last_name", "first_name", "source_id"},
		calls:   map[string]string{"last_name": "Last_name", "first_name": "First_name"}},
	{source: Microsoft, signs: [][]string{{"sisid", "schoolsisid"}, {"id", "schooldfenumber"}},
		columns: map[string]string{"id": "source_id", "schooldfenumber": "school_id", "secondaryemail": "email", "username": "email"},
		needs:   []string{"source_id"}},
	// School Data Sync 2 has OneRoster's names without its housekeeping, and the mail address as user name.
	{source: Microsoft, signs: [][]string{{"sourcedid", "givenname", "orgsourcedids", "password", "role", "grade"}, {"sourcedid", "givenname", "activedirectorymatchid"}},
		columns: map[string]string{"username": "email"}, needs: []string{"source_id"}},
	{source: OneRoster12, signs: [][]string{{"sourcedid", "givenname", "primaryorgsourcedid"}},
		columns: map[string]string{"identifier": "district_id"}, needs: []string{"source_id"}},
	{source: OneRoster11, signs: [][]string{{"sourcedid", "givenname"}, {"sourcedid", "familyname"}, {"enableduser"}, {"agentsourcedids"}},
		columns: map[string]string{"identifier": "district_id"}, needs: []string{"source_id"},
		calls: map[string]string{"source_id": "sourcedId"}},
	{source: Destiny, signs: [][]string{{"patrontype", "lastname"}, {"districtid", "gradelevel"}}, needs: names, knows: numbers,
		calls: map[string]string{"last_name": "LastName", "first_name": "FirstName", "district_id": "DistrictID"}},
	{source: Carrel, signs: [][]string{{}}, columns: map[string]string{"id": "source_id"}, needs: names, knows: numbers},
}

// dialectOf finds whose heading this is.
func dialectOf(t *table) dialect {
	for _, d := range dialects {
		for _, group := range d.signs {
			if t.hasAll(group) {
				return d
			}
		}
	}
	panic("roster: the last dialect takes every heading")
}

func (t *table) hasAll(columns []string) bool {
	for _, name := range columns {
		if _, ok := t.places[name]; !ok {
			return false
		}
	}
	return true
}

// columnsOf maps each place of the heading to our column, or "".
func (t *table) columnsOf(d dialect) []string {
	columns := make([]string, len(t.heading))
	for i, name := range t.heading {
		name = plain(name)
		own, ok := d.columns[name]
		if !ok {
			own = commonColumns[name]
		}
		columns[i] = own
	}
	return columns
}

// lacks lists our columns without which the file is of no use.
func (d dialect) lacks(columns []string) (missing []string) {
	isHere := func(name string) bool { return slices.Contains(columns, name) }
	for _, name := range d.needs {
		if !isHere(name) {
			missing = append(missing, name)
		}
	}
	if len(d.knows) > 0 && !slices.ContainsFunc(d.knows, isHere) {
		missing = append(missing, d.knows[0])
	}
	return missing
}

// missing returns the first column without which the file is of no use, as its exporter calls it, or "".
func (d dialect) missing(columns []string) string {
	if missing := d.lacks(columns); len(missing) > 0 {
		return d.called(missing[0])
	}
	return ""
}

func (d dialect) called(column string) string {
	if name, ok := d.calls[column]; ok {
		return name
	}
	return column
}
