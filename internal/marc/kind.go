package marc

import "strings"

// What kind of thing a title is.
const (
	TypeBook      = "book"
	TypeEbook     = "ebook"
	TypeSerial    = "serial"
	TypeAudiobook = "audiobook"
	TypeMusic     = "music"
	TypeVideo     = "video"
	TypeMap       = "map"
	TypeScore     = "score"
	TypeComputer  = "computer"
	TypeKit       = "kit"
	TypeObject    = "object"
	TypeMixed     = "mixed"
)

// putType reads the type of record (leader 06) and bibliographic level (07). Opinions: pictures,
// posters and flash cards are objects, as they are handled like one; everything projected is
// video; a text in a computer file is an ebook. Records typed in by hand often say "book" for
// everything in the leader and the truth in the words of 245 $h or 300 $a, so for books those are asked.
func putType(f *Facts, r *Record, from spec) {
	title, words := "", ""
	from.each(r, func(field *Field, at *place) {
		if field.Tag == "245" {
			title += " | " + strings.ToLower(at.text(field))
			return
		}
		words += " | " + strings.ToLower(at.text(field))
	})
	switch r.Leader[6] {
	case 'c', 'd':
		f.Type = TypeScore
	case 'e', 'f':
		f.Type = TypeMap
	case 'g':
		f.Type = TypeVideo
	case 'i':
		f.Type = TypeAudiobook
	case 'j':
		f.Type = TypeMusic
	case 'k', 'r':
		f.Type = TypeObject
	case 'm':
		f.Type = typeOfComputerFile(r)
	case 'o':
		f.Type = TypeKit
	case 'p':
		f.Type = TypeMixed
	default:
		f.Type = typeOfText(r, title, words)
	}
}

// typeOfComputerFile reads the type of computer file (008/26): sound, document, or anything else.
func typeOfComputerFile(r *Record) string {
	switch fixed008(r, 26) {
	case 'd', 'e':
		return TypeEbook
	case 'h':
		return TypeAudiobook
	}
	return TypeComputer
}

// told are words by which a record called a book says it is something else: those in brackets in
// the title (where $h may have been typed into $a or $b), the others in extent and carrier.
var told = []struct{ word, kind string }{
	{"[videorecording", TypeVideo}, {"videocassette", TypeVideo}, {"videodisc", TypeVideo}, {"dvd", TypeVideo},
	{"[sound recording", TypeAudiobook}, {"audiobook", TypeAudiobook}, {"audio disc", TypeAudiobook}, {"[playaway", TypeAudiobook},
	{"[kit", TypeKit}, {"[map", TypeMap}, {"[cartographic", TypeMap}, {"[realia", TypeObject}, {"[game", TypeObject}, {"[toy", TypeObject},
	{"[music", TypeScore}, {"[computer file", TypeComputer}, {"[electronic resource", TypeEbook}, {"online resource", TypeEbook},
	{"[ebook", TypeEbook}, {"[e-book", TypeEbook},
}

func typeOfText(r *Record, title, words string) string {
	if level := r.Leader[7]; level == 's' || level == 'b' || level == 'i' {
		return TypeSerial
	}
	for _, t := range told {
		if strings.HasPrefix(t.word, "[") && strings.Contains(title, t.word) {
			return t.kind
		}
		if at := strings.Index(words, t.word); at >= 0 && !accompanies(words, at) {
			return t.kind
		}
	}
	form := fixed008(r, 23)
	if form == 'o' || form == 's' || form == 'q' || strings.HasPrefix(r.Control("007"), "cr") {
		return TypeEbook
	}
	return TypeBook
}

// accompanies tells whether what stands at a place only comes with the book: "1 v. + 1 DVD".
func accompanies(words string, at int) bool {
	part := words[strings.LastIndex(words[:at], "|")+1 : at]
	return strings.Contains(part, "+") || strings.Contains(part, " p.") || strings.Contains(part, "pages")
}

// For whom a title is. The bands of MARC are those of American schools: preschool up to 5 years,
// primary 6 to 8 (grades K-3), middle 9 to 13 (4-8), teen 14 to 17 (9-12).
const (
	AudiencePreschool = "preschool"
	AudiencePrimary   = "primary"
	AudienceMiddle    = "middle"
	AudienceTeen      = "teen"
	AudienceJuvenile  = "juvenile" // up to 15, not said more exactly
	AudienceAdult     = "adult"
	AudienceGeneral   = "general"
)

// audienceCodes are those of 008/22, which books, music, computer files and visual materials have
// and maps, serials and mixed materials have not.
var audienceCodes = map[byte]string{
	'a': AudiencePreschool, 'b': AudiencePrimary, 'c': AudienceMiddle, 'd': AudienceTeen, 'e': AudienceAdult,
	'f': AudienceAdult, 'g': AudienceGeneral, 'j': AudienceJuvenile,
}

func audience008(r *Record) string {
	if strings.IndexByte("efp", r.Leader[6]) >= 0 || r.Leader[7] == 's' && r.Leader[6] == 'a' {
		return ""
	}
	return audienceCodes[fixed008(r, pos008Audience)]
}
