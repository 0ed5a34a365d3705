package restrictcsv

import (
	"regexp"
	"strings"

	"carrel/internal/isbn"
	"carrel/internal/roster"
)

// rules are the plain words for a rule. "Yes" and "no" answer whether the child may borrow.
var rules = map[string]string{
	"deny": Deny, "denied": Deny, "no": Deny, "n": Deny, "not": Deny, "block": Deny, "blocked": Deny, "optout": Deny, "out": Deny, "exclude": Deny, "excluded": Deny,
	"forbid": Deny, "forbidden": Deny, "notallowed": Deny, "donotallow": Deny, "dontallow": Deny, "never": Deny, "restrict": Deny, "restricted": Deny, "prohibit": Deny, "prohibited": Deny,
	"maynotborrow": Deny, "false": Deny, "negar": Deny, "negado": Deny, "denegar": Deny, "denegado": Deny, "prohibir": Deny, "prohibido": Deny, "bloquear": Deny, "bloqueado": Deny,
	"excluir": Deny, "nopermitir": Deny, "nopermitido": Deny, "noautorizo": Deny, "noautorizado": Deny, "nunca": Deny, "rechazar": Deny,
	"allow": Allow, "allowed": Allow, "allowonly": Allow, "only": Allow, "yes": Allow, "y": Allow, "ok": Allow, "okay": Allow, "permit": Allow, "permitted": Allow, "optin": Allow, "in": Allow,
	"mayborrow": Allow, "true": Allow, "si": Allow, "s": Allow, "permitir": Allow, "permitido": Allow, "permitirsolo": Allow, "solopermitir": Allow, "solo": Allow, "solamente": Allow,
	"autorizar": Allow, "autorizo": Allow, "autorizado": Allow, "aceptar": Allow,
	"ask": Ask, "askfirst": Ask, "askme": Ask, "askmefirst": Ask, "askus": Ask, "askparent": Ask, "askfamily": Ask, "permission": Ask, "permissionfirst": Ask, "permissionneeded": Ask,
	"permissionrequired": Ask, "needspermission": Ask, "approval": Ask, "priorapproval": Ask, "approvalrequired": Ask, "callfirst": Ask, "call": Ask, "contact": Ask, "contactfirst": Ask,
	"preguntar": Ask, "preguntarprimero": Ask, "preguntarantes": Ask, "consultar": Ask, "consultarprimero": Ask, "permiso": Ask, "pedirpermiso": Ask, "conpermiso": Ask, "avisar": Ask,
	"avisarprimero": Ask, "llamar": Ask, "llamarprimero": Ask,
}

// scopes are the plain words for a scope, beside the names of the columns.
var scopes = map[string]string{
	"all": All, "allbooks": All, "everything": All, "any": All, "anybook": All, "anything": All, "wholelibrary": All, "entirelibrary": All,
	"todo": All, "todos": All, "todosloslibros": All, "cualquiera": All, "cualquierlibro": All, "todalabiblioteca": All,
	"barcode": Item, "codigodebarras": Item, "copia": Item, "keyword": Tag, "content": Tag, "contenido": Tag,
}

// narrowest orders the columns of the scopes: a form that gives a book's ISBN, title and author means that book.
var narrowest = []string{ISBN, Item, Title, Series, Author, Tag}

// read reads one row; several tags are several wishes.
func (h heading) read(row roster.SheetRow) ([]Row, *Problem) {
	one := Row{Line: row.Line, Name: h.nameOf(row)}
	one.Note, _ = h.get(row, note)
	fail := func(column, code string, args ...any) ([]Row, *Problem) {
		return nil, &Problem{Line: row.Line, Column: column, Code: code, Args: args}
	}
	number, column := h.get(row, student)
	switch {
	case number == "":
		return fail(column, NoStudent)
	case rounded.MatchString(number):
		return fail(column, Rounded, number)
	}
	one.Student = number
	word, column := h.get(row, rule)
	if word == "" {
		return fail(column, NoRule)
	}
	known, ok := rules[plain(word)]
	if !ok {
		return fail(column, UnknownRule, word)
	}
	one.Rule = known
	wish, problem := h.wish(row, known)
	if problem != nil {
		return nil, problem
	}
	one.Scope, one.Value = wish.scope, wish.text
	if one.Scope != Tag {
		return []Row{one}, nil
	}
	var rows []Row
	for _, one.Value = range tags(wish.text) {
		rows = append(rows, one)
	}
	return rows, nil
}

func (h heading) nameOf(row roster.SheetRow) string {
	first, _ := h.get(row, name)
	last, _ := h.get(row, surname)
	return strings.TrimSpace(first + " " + last)
}

// wish is which books a row is about.
type wish struct{ scope, text string }

// wish finds the scope, given or guessed from the column that is filled, and its value.
func (h heading) wish(row roster.SheetRow, rule string) (wish, *Problem) {
	given, column := h.get(row, scope)
	if given != "" {
		known, ok := scopeCalled(given)
		if !ok {
			return wish{}, &Problem{Line: row.Line, Column: column, Code: UnknownScope, Args: []any{given}}
		}
		return h.scoped(row, known)
	}
	for _, f := range narrowest {
		if text, _ := h.get(row, f); text != "" {
			return h.scoped(row, f)
		}
	}
	text, column := h.get(row, value)
	switch {
	case text != "":
		return h.scoped(row, guess(text))
	case rule == Ask: // "ask first", and nothing more: before every book
		return wish{scope: All}, nil
	}
	return wish{}, &Problem{Line: row.Line, Column: column, Code: NoValue}
}

// scopeCalled reads a scope by its name, or by what a column of its own would be called.
func scopeCalled(text string) (string, bool) {
	word := plain(text)
	if known, ok := scopes[word]; ok {
		return known, true
	}
	for _, f := range narrowest {
		if columns[word] == f {
			return f, true
		}
	}
	return "", false
}

// scoped reads the value of a scope from its own column, or else from the one for all.
func (h heading) scoped(row roster.SheetRow, scope string) (wish, *Problem) {
	if scope == All {
		return wish{scope: All}, nil
	}
	text, column := h.get(row, scope)
	if common, from := h.get(row, value); text == "" && (common != "" || column == "") {
		text, column = common, from
	}
	problem := &Problem{Line: row.Line, Column: column, Args: []any{text}}
	switch {
	case text == "":
		problem.Code, problem.Args = NoValue, nil
		return wish{}, problem
	case rounded.MatchString(text):
		problem.Code = Rounded
		return wish{}, problem
	case scope == Tag && len(tags(text)) == 0:
		problem.Code, problem.Args = NoValue, nil
		return wish{}, problem
	case scope != ISBN:
		return wish{scope, text}, nil
	}
	number, ok := isbn.Parse(text)
	if !ok || !number.Valid { // it would match no book, and the wish be lost
		problem.Code = BadISBN
		return wish{}, problem
	}
	return wish{ISBN, number.Text}, nil
}

var (
	// rounded is how spreadsheets write long numbers.
	rounded = regexp.MustCompile(`^\d([.,]\d+)?[eE]\+?\d+$`)
	// longNumber is no title; "1984" is.
	longNumber = regexp.MustCompile(`^\d{8,}$`)
)

// guess is the scope of a value that neither a word nor its column tells.
func guess(text string) string {
	number, ok := isbn.Parse(text)
	switch known := scopes[plain(text)]; {
	case known == All:
		return All
	case ok && number.Valid:
		return ISBN
	case longNumber.MatchString(text):
		return Item
	}
	return Title
}

// tags are those that a cell lists.
func tags(text string) []string {
	var all []string
	for _, tag := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;|", r) }) {
		if tag = strings.TrimSpace(tag); tag != "" {
			all = append(all, tag)
		}
	}
	return all
}
