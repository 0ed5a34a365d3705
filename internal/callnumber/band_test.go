package callnumber

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestBand(t *testing.T) {
	for call, want := range map[string]string{
		"598.2 EXA": "500", "031 WOR": "000", "REF 031 WOR": "000", "5": "000", "741.5 v.2": "700", "[Fic] EXA": Fiction, "J F Woo": Fiction, "YA FIC ROW": Fiction,
		"E SEU": Picture, "E 597 GIB": Picture, "B LIN": Biography, "92 LIN": Biography, "921 LIN": Biography, "929 COA": "900", "GN TEL": Graphic, "GRA TEL": Graphic,
		"QA76.73 .P3": Other, "E184 .A1": Other, "": Other, " . ": Other, "SPA 863 ALV": "800", "SPA E ADA": Picture, "KIT 12A": Other, "1984": Other, "REF": Other,
	} {
		if got := Band(call); got != want {
			t.Errorf("%q is in the band %q, want %q", call, got, want)
		}
	}
}

// Whatever somebody typed, its band is one that a report knows.
func TestPropertyBandIsKnown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		call := rapid.OneOf(rapid.String(), rapid.StringMatching(`(REF |J |SPA )?([A-Z]{1,4}|[0-9]{1,4})(\.[0-9]{1,3})? [A-Z]{3}`)).Draw(t, "call")
		if !slices.Contains(Bands, Band(call)) {
			t.Fatalf("%q has the unknown band %q", call, Band(call))
		}
	})
}
