package booklist

import (
	"hash/fnv"
	"slices"
	"strings"

	"carrel/internal/marc"
	"carrel/internal/roster"
)

// Fields are what a column of a list may be, in the order in which a person looks for them. The first group is about titles, the second about items.
var Fields = append(slices.Clone(titleFields), itemFields...)

var titleFields = []string{
	"title", "subtitle", "author", "illustrator", "isbn", "lccn", "call_number", "publisher", "place", "year", "edition", "pages", "series", "volume",
	"summary", "subjects", "language", "lexile", "ar_level", "ar_points", "grades", "kind", "audience", "id",
}

var itemFields = []string{
	"barcode", "location", "item_type", "copy", "price", "currency", "acquired", "public_note", "staff_note", "fund", "vendor", "status",
}

// Whose heading a list has.
const (
	Carrel     = "carrel"
	Destiny    = "destiny"
	Alexandria = "alexandria"
	Koha       = "koha"
	SLiMS      = "slims"
	Librarika  = "librarika"
	Plain      = "plain"
)

// headings are the plain names by which columns are known, in English and Spanish and in the exports of the field. What a name means hangs on nothing
// else, but for the few of dialects below.
var headings = map[string]string{
	"title": "title", "titulo": "title", "título": "title", "booktitle": "title", "maintitle": "title", "titleproper": "title", "nombredellibro": "title", "libro": "title",
	"subtitle": "subtitle", "subtítulo": "subtitle", "subtitulo": "subtitle", "remainderoftitle": "subtitle", "titleremainder": "subtitle",
	"author": "author", "authors": "author", "autor": "author", "autores": "author", "autora": "author", "mainauthor": "author", "authorname": "author", "writer": "author",
	"illustrator": "illustrator", "illustrators": "illustrator", "ilustrador": "illustrator", "ilustradora": "illustrator", "ilustradores": "illustrator",
	"isbn": "isbn", "isbn10": "isbn", "isbn13": "isbn", "isbnissn": "isbn", "standardnumber": "isbn", "isbns": "isbn", "ean": "isbn",
	"lccn": "lccn", "lcnumber": "lccn", "libraryofcongressnumber": "lccn",
	"callnumber": "call_number", "callno": "call_number", "call": "call_number", "itemcallnumber": "call_number", "shelfmark": "call_number", "spinelabel": "call_number",
	"signatura": "call_number", "signaturatopografica": "call_number", "signaturatopográfica": "call_number", "clasificación": "call_number", "clasificacion": "call_number",
	"publisher": "publisher", "publishername": "publisher", "publishercode": "publisher", "editorial": "publisher", "editor": "publisher",
	"place": "place", "placename": "place", "publicationplace": "place", "placeofpublication": "place", "publishplace": "place", "lugar": "place", "lugardepublicación": "place",
	"year": "year", "publicationyear": "year", "publishyear": "year", "publishedyear": "year", "pubyear": "year", "copyright": "year", "copyrightdate": "year",
	"copyrightyear": "year", "publicationdate": "year", "pubdate": "year", "publisheddate": "year", "yearpublished": "year", "año": "year", "ano": "year",
	"añodepublicación": "year", "fechadepublicación": "year", "datepublished": "year",
	"edition": "edition", "edición": "edition", "edicion": "edition",
	"pages": "pages", "page": "pages", "numberofpages": "pages", "noofpages": "pages", "pagecount": "pages", "extent": "pages", "collation": "pages", "physicaldescription": "pages",
	"páginas": "pages", "paginas": "pages", "númerodepáginas": "pages",
	"series": "series", "seriestitle": "series", "seriesname": "series", "serie": "series", "colección": "series", "coleccion": "series",
	"volume": "volume", "seriesvolume": "volume", "volumenumber": "volume", "seriesnumber": "volume", "volumen": "volume", "tomo": "volume",
	"summary": "summary", "abstract": "summary", "description": "summary", "synopsis": "summary", "annotation": "summary", "resumen": "summary", "sinopsis": "summary", "descripción": "summary",
	"subjects": "subjects", "subject": "subjects", "topics": "subjects", "topic": "subjects", "tags": "subjects", "keywords": "subjects", "subjectheadings": "subjects",
	"materias": "subjects", "materia": "subjects", "temas": "subjects", "tema": "subjects",
	"language": "language", "languagename": "language", "languagecode": "language", "idioma": "language", "lengua": "language",
	"lexile": "lexile", "lexilelevel": "lexile", "lexilemeasure": "lexile", "nivellexile": "lexile",
	"arlevel": "ar_level", "atoslevel": "ar_level", "atosbooklevel": "ar_level", "booklevel": "ar_level", "arbooklevel": "ar_level", "nivelar": "ar_level", "acceleratedreaderlevel": "ar_level",
	"arpoints": "ar_points", "puntosar": "ar_points", "acceleratedreaderpoints": "ar_points",
	"grades": "grades", "gradelevel": "grades", "gradelevels": "grades", "interestlevel": "grades", "grados": "grades",
	"type": "kind", "materialtype": "kind", "medium": "kind", "format": "kind", "gmd": "kind", "gmdname": "kind", "mediatype": "kind", "material": "kind", "formato": "kind",
	"audience": "audience",

	"barcode": "barcode", "copybarcode": "barcode", "itembarcode": "barcode", "barcodenumber": "barcode", "accessionno": "barcode", "accessionnumber": "barcode", "itemcode": "barcode",
	"itemid": "barcode", "codigodebarras": "barcode", "códigodebarras": "barcode", "códigobarras": "barcode", "códigodeejemplar": "barcode",
	"location": "location", "sublocation": "location", "shelf": "location", "shelflocation": "location", "shelvinglocation": "location", "ubicación": "location", "ubicacion": "location",
	"estante": "location", "estantería": "location", "locationname": "location",
	"itemtype": "item_type", "itype": "item_type", "circulationtype": "item_type", "circtype": "item_type", "colltypename": "item_type", "collectiontype": "item_type",
	"tipodeejemplar": "item_type", "tipodepréstamo": "item_type", "loantype": "item_type",
	"copy": "copy", "copynumber": "copy", "copyno": "copy", "ejemplar": "copy", "copia": "copy", "númerodeejemplar": "copy",
	"price": "price", "purchaseprice": "price", "replacementprice": "price", "cost": "price", "purchasecost": "price", "replacementcost": "price", "precio": "price", "costo": "price",
	"currency": "currency", "moneda": "currency",
	"acquired": "acquired", "dateacquired": "acquired", "acquisitiondate": "acquired", "dateaccessioned": "acquired", "accessiondate": "acquired", "receiveddate": "acquired",
	"dateadded": "acquired", "purchasedate": "acquired", "datepurchased": "acquired", "fechadeadquisición": "acquired", "fechadecompra": "acquired", "adquirido": "acquired",
	"publicnote": "public_note", "itemnotes": "public_note", "note": "public_note", "notes": "public_note", "nota": "public_note", "notas": "public_note", "observaciones": "public_note",
	"staffnote": "staff_note", "itemnotesnonpublic": "staff_note", "copynote": "staff_note", "copynotes": "staff_note", "notainterna": "staff_note", "privatenote": "staff_note",
	"fund": "fund", "fundingsource": "fund", "fundsource": "fund", "budget": "fund", "fondo": "fund", "presupuesto": "fund",
	"vendor": "vendor", "supplier": "vendor", "suppliername": "vendor", "source": "vendor", "proveedor": "vendor", "booksellerid": "vendor", "bookseller": "vendor",
	"status": "status", "copystatus": "status", "itemstatus": "status", "itemstatusname": "status", "estado": "status",
}

// dialect is a heading that is known, by the plain names that are all in it, and what it means by some of them.
type dialect struct {
	source  string
	signs   [][]string
	columns map[string]string
}

// dialects are tried in order.
var dialects = []dialect{
	{Carrel, [][]string{{"title", "callnumber", "itemtype", "acquired", "publicnote", "id"}, {"title", "callnumber", "itemtype", "currency", "acquired", "id"}}, map[string]string{"id": "id"}},
	// The table names of Koha, as its reports have them: ccode is the collection, which is what a school calls the place of a book when there is no location.
	{Koha, [][]string{{"biblionumber"}, {"itype", "itemcallnumber"}, {"homebranch"}},
		map[string]string{"notes": "summary", "source": "", "price": "", "enumchron": "", "copyrightdate": "year"}},
	// The bibliography of SLiMS: several values of a cell stand in angle brackets, and its notes are the summary.
	{SLiMS, [][]string{{"gmd", "collation"}, {"gmdname"}, {"sor", "callnumber"}, {"isbnissn", "publishyear"}},
		map[string]string{"notes": "summary", "classification": "", "source": ""}},
	{Librarika, [][]string{{"accessionno", "isbn13"}, {"accessionnumber", "isbn13"}, {"mediatype", "accessionno"}}, nil},
	{Alexandria, [][]string{{"copybarcode", "purchasecost"}, {"copybarcode", "replacementcost"}, {"policy", "copybarcode"}, {"policy", "callnumber"}},
		map[string]string{"policy": "item_type", "collection": "location", "location": "location", "purchasecost": ""}},
	{Destiny, [][]string{{"circulationtype"}, {"circtype", "callnumber"}, {"sublocation", "callnumber"}, {"barcode", "purchaseprice"}},
		map[string]string{"location": "", "site": ""}},
}

// columnsOf tells for each place of a heading which of Fields it is, and whose heading it is.
func columnsOf(heading []string) (fields []string, source string) {
	plain := make([]string, len(heading))
	for i, name := range heading {
		plain[i] = roster.PlainName(name)
	}
	meant := dialectOf(plain)
	fields = make([]string, len(heading))
	for i, name := range plain {
		field, ok := meant.columns[name]
		if !ok {
			field = headings[name]
		}
		fields[i] = field
	}
	return giveBack(fields, plain, meant), meant.source
}

func dialectOf(plain []string) dialect {
	has := func(name string) bool { return slices.Contains(plain, name) }
	for _, d := range dialects {
		for _, signs := range d.signs {
			if !slices.ContainsFunc(signs, func(name string) bool { return !has(name) }) {
				return d
			}
		}
	}
	return dialect{source: Plain}
}

// giveBack gives a column what its dialect took from it, when no other column has it: Koha's price counts where there is no replacement price.
func giveBack(fields, plain []string, meant dialect) []string {
	for i, name := range plain {
		field := headings[name]
		if taken, ok := meant.columns[name]; ok && taken == "" && field != "" && !slices.Contains(fields, field) {
			fields[i] = field
		}
	}
	return fields
}

// columns tell where the fields of a list stand.
type columns struct {
	heading []string
	places  map[string][]int
}

func newColumns(heading, fields []string) columns {
	c := columns{heading: heading, places: map[string][]int{}}
	for i, field := range fields {
		if field != "" {
			c.places[field] = append(c.places[field], i)
		}
	}
	return c
}

// called is the heading of the first column of a field, or of no column the field itself.
func (c columns) called(field string) string {
	if places := c.places[field]; len(places) > 0 {
		return c.heading[places[0]]
	}
	return field
}

// one is the first value of a field in a row.
func (c columns) one(row roster.SheetRow, field string) string {
	for _, place := range c.places[field] {
		if value := value(row.Cells[place]); value != "" {
			return value
		}
	}
	return ""
}

// all are the values of a field from all its columns, of which each may hold several.
func (c columns) all(row roster.SheetRow, field string) (values []string) {
	for _, place := range c.places[field] {
		for _, value := range several(value(row.Cells[place])) {
			if !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
	}
	return values
}

// sayItems tells whether a column is about items.
func (c columns) sayItems() bool {
	return slices.ContainsFunc(itemFields, func(field string) bool { return len(c.places[field]) > 0 })
}

// isItem tells whether a row says something of an item.
func (c columns) isItem(row roster.SheetRow) bool {
	return slices.ContainsFunc(itemFields, func(field string) bool { return c.one(row, field) != "" })
}

// key tells which rows speak of one title: those with our id; else with a number of the Library of Congress; else with an ISBN and the title; else
// those that say the same of it in every column. Without a title there is none.
func (c columns) key(row roster.SheetRow) (key uint64, ok bool) {
	title := c.one(row, "title")
	if title == "" {
		return 0, false
	}
	sum := fnv.New64a()
	write := func(parts ...string) uint64 {
		for _, part := range parts {
			_, _ = sum.Write([]byte(part)) // a hash takes everything
			_, _ = sum.Write([]byte{0})
		}
		return sum.Sum64()
	}
	if id := c.one(row, "id"); id != "" {
		return write("id", id), true
	}
	if lccn := c.one(row, "lccn"); lccn != "" {
		return write("lccn", lccn), true
	}
	if numbers := c.all(row, "isbn"); len(numbers) > 0 {
		return write("isbn", strings.Join(numbers, " "), marc.Fold(title)), true
	}
	parts := []string{"words", marc.Fold(title)}
	for _, field := range titleFields[1:] {
		if field != "call_number" {
			parts = append(parts, strings.Join(c.all(row, field), "\n"))
		}
	}
	return write(parts...), true
}
