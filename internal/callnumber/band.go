package callnumber

import "strings"

// The bands of a school library that are not a hundred of Dewey.
const (
	Fiction   = "FIC"
	Picture   = "E"
	Biography = "B"
	Graphic   = "GN"
	Other     = "" // no call number, or one of another order, as the Library of Congress'
)

// Bands are all bands in the order in which a report lists them; a hundred of Dewey is called "500".
var Bands = []string{"000", "100", "200", "300", "400", "500", "600", "700", "800", "900", Biography, Fiction, Graphic, Picture, Other}

// aside are what stands before the class and does not belong to it: whose shelf it is, or in which language.
var aside = map[string]bool{
	"J": true, "JUV": true, "YA": true, "T": true, "R": true, "REF": true, "REFERENCE": true, "PRO": true, "PROF": true, "SP": true, "SPA": true, "SPAN": true,
	"SPANISH": true, "ESP": true, "OVERSIZE": true, "BIG": true, "LP": true, "PB": true,
}

var letters = map[string]string{
	"F": Fiction, "FIC": Fiction, "FICTION": Fiction, "SC": Fiction, "SS": Fiction, "STORY": Fiction,
	"E": Picture, "EASY": Picture, "ER": Picture, "P": Picture, "PIC": Picture, "PICTURE": Picture, "EP": Picture,
	"B": Biography, "BIO": Biography, "BIOG": Biography, "BIOGRAPHY": Biography,
	"GN": Graphic, "GRA": Graphic, "GRAPH": Graphic, "GRAPHIC": Graphic, "MANGA": Graphic, "COMIC": Graphic,
}

// Band is the band of a call number. Opinion: 92, 920 and 921 are biography, as most school libraries shelve it, and not history.
func Band(call string) string {
	for _, word := range strings.Fields(fold(call)) {
		if band, known := letters[word]; known {
			return band
		}
		if aside[word] {
			continue
		}
		return ofNumber(word)
	}
	return Other
}

func ofNumber(word string) string {
	class, _, _ := strings.Cut(word, ".")
	for i := range len(class) {
		if !isDigit(class[i]) {
			return Other
		}
	}
	switch {
	case class == "92", class == "920", class == "921":
		return Biography
	case len(class) == 3:
		return class[:1] + "00"
	case len(class) == 1, len(class) == 2:
		return "000" // zeros that a file has lost
	}
	return Other
}
