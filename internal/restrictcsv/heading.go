package restrictcsv

import (
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"carrel/internal/roster"
	"carrel/internal/say"
)

// field is what a column holds; those of one scope are called like it.
type field = string

const (
	student field = "student"
	pupil   field = "pupil"   // the number, or the name when another column has the number
	barcode field = "barcode" // the book's, or the student's when no other column has the student
	name    field = "name"
	surname field = "surname"
	rule    field = "rule"
	scope   field = "scope"
	value   field = "value"
	note    field = "note"
)

// columns are the plain names by which forms and lists call them, in English and Spanish. A column that is
// called "opt out" or "blocked" is not here on purpose: its "yes" would mean no.
var columns = map[string]field{
	"student": pupil, "patron": pupil, "pupil": pupil, "child": pupil, "estudiante": pupil, "alumno": pupil, "alumna": pupil, "hijo": pupil,
	"studentid": student, "studentnumber": student, "studentno": student, "studentbarcode": student, "studentcode": student, "districtid": student,
	"localid": student, "patronid": student, "patronbarcode": student, "patronnumber": student, "pupilid": student, "id": student, "idnumber": student,
	"librarycard": student, "librarycardnumber": student, "cardnumber": student, "card": student, "librarybarcode": student,
	"matricula": student, "numerodeestudiante": student, "numerodealumno": student, "numerodelestudiante": student, "numerodelalumno": student,
	"codigodelestudiante": student, "codigodelalumno": student, "codigodeestudiante": student, "codigodealumno": student,
	"iddelestudiante": student, "iddelalumno": student, "iddeestudiante": student, "iddealumno": student, "carnet": student, "carne": student, "credencial": student, "tarjeta": student,
	"barcode": barcode, "codigodebarras": barcode,
	"name": name, "studentname": name, "fullname": name, "firstname": name, "givenname": name, "patronname": name, "childname": name, "childsname": name,
	"nombre": name, "nombres": name, "nombrecompleto": name, "nombredelestudiante": name, "nombredelalumno": name,
	"lastname": surname, "surname": surname, "familyname": surname, "apellido": surname, "apellidos": surname,
	"rule": rule, "restriction": rule, "decision": rule, "action": rule, "permission": rule, "choice": rule, "allowed": rule, "mayborrow": rule,
	"regla": rule, "restriccion": rule, "accion": rule, "permiso": rule, "permitido": rule, "eleccion": rule,
	"scope": scope, "type": scope, "kind": scope, "appliesto": scope, "restrictiontype": scope, "alcance": scope, "tipo": scope, "ambito": scope,
	"value": value, "what": value, "which": value, "material": value, "valor": value, "que": value, "cual": value,
	"title": Title, "booktitle": Title, "book": Title, "titulo": Title, "titulodellibro": Title, "libro": Title,
	"isbn": ISBN, "isbn13": ISBN, "isbn10": ISBN, "bookisbn": ISBN, "isbndellibro": ISBN,
	"item": Item, "itembarcode": Item, "bookbarcode": Item, "copy": Item, "copybarcode": Item, "itemid": Item,
	"ejemplar": Item, "codigodelejemplar": Item, "codigodellibro": Item, "codigodebarrasdellibro": Item,
	"tag": Tag, "tags": Tag, "topic": Tag, "topics": Tag, "genre": Tag, "genres": Tag, "subject": Tag, "subjects": Tag, "theme": Tag, "category": Tag,
	"tema": Tag, "temas": Tag, "genero": Tag, "generos": Tag, "categoria": Tag, "etiqueta": Tag, "etiquetas": Tag, "materia": Tag,
	"author": Author, "authors": Author, "writer": Author, "autor": Author, "autora": Author, "autores": Author,
	"series": Series, "bookseries": Series, "serie": Series, "saga": Series, "coleccion": Series,
	"note": note, "notes": note, "comment": note, "comments": note, "reason": note, "remarks": note,
	"nota": note, "notas": note, "comentario": note, "comentarios": note, "observaciones": note, "motivo": note, "razon": note,
}

// heading tells where each field is.
type heading struct {
	names  []string        // as in the file
	places map[field][]int // more than one where a heading has two words for the same
}

// headingOf finds the columns; without one that is needed it returns a missing_column fault.
func headingOf(names []string) (heading, error) {
	h := heading{names: names, places: map[field][]int{}}
	for i, text := range names {
		text, _, _ = strings.Cut(text, "(")
		text, _, _ = strings.Cut(text, "[")
		if known, ok := columns[plain(text)]; ok {
			h.places[known] = append(h.places[known], i)
		}
	}
	h.settle()
	switch {
	case !h.has(student):
		return h, missing("student")
	case !h.has(rule):
		return h, missing("rule")
	case !h.has(scope) && !h.has(value) && !h.hasScoped():
		return h, missing("what")
	}
	return h, nil
}

// settle decides the columns that mean one thing or another by what else is there.
func (h heading) settle() {
	if h.has(student) {
		h.move(pupil, name)
	} else if h.has(pupil) {
		h.move(pupil, student)
	} else {
		h.move(barcode, student)
	}
	h.move(barcode, Item)
}

func (h heading) move(from, to field) {
	h.places[to] = append(h.places[to], h.places[from]...)
	delete(h.places, from)
}

func (h heading) has(f field) bool { return len(h.places[f]) > 0 }

func (h heading) hasScoped() bool {
	for _, f := range narrowest {
		if h.has(f) {
			return true
		}
	}
	return false
}

func missing(column string) error {
	return refuse("missing_column", say.T("restrictcsv.column."+column))
}

// get is the first value of a field in a row, and the column it is from. Without any value the column is the
// field's first, or "".
func (h heading) get(row roster.SheetRow, f field) (text, column string) {
	for _, i := range h.places[f] {
		if row.Cells[i] != "" {
			return row.Cells[i], h.names[i]
		}
	}
	if h.has(f) {
		column = h.names[h.places[f][0]]
	}
	return "", column
}

// plain is text without case, accents, blanks and signs.
func plain(text string) string {
	// A chain of transformers keeps state and is made anew for each use.
	bare := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)))
	text, _, err := transform.String(bare, text)
	if err != nil {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}
