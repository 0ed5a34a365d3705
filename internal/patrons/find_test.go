package patrons_test

import (
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/patrons"
	"carrel/internal/testkit"
)

func TestFind(t *testing.T) {
	lib := testkit.NewLibrary(t)
	room := lib.Homeroom("4B")
	for code, name := range map[string][2]string{
		"P1": {"Diego", "Ramírez"}, "P2": {"María José", "García Ruiz"}, "P3": {"Anne-Marie", "O'Neill"}, "P4": {"Ann", "Ramsey"}, "P5": {"Left", "Ramos"}, "P6": {"Şule", "Øst"},
	} {
		patron := lib.Patron(code)
		patron.FirstName, patron.LastName, patron.Homeroom = name[0], name[1], room.ID
		if code == "P5" {
			patron.Status = collections.PatronLeft
		}
		lib.Save(patron)
	}
	for typed, want := range map[string]string{
		"": "", "  ": "", "?": "", "ram": "P1 P4", "RAMIREZ": "P1", "ramírez diego": "P1", "diego r": "P1", "maria": "P2", "jose garcia": "P2", "gar mar": "P2",
		"anne marie": "P3", "anne-m": "P3", "oneill": "P3", "o'neill": "P3", "an": "P3 P4", "marie ann": "P3", "iego": "", "sule": "P6", "%": "", "x": "", "<b>": "",
	} {
		found, err := patrons.Find(lib.App, typed, 10)
		var codes []string
		for _, one := range found {
			codes = append(codes, one.Barcode)
			if one.Homeroom != "4B" || one.Grade != "4" || one.Name == "" {
				t.Errorf("%q: %+v", typed, one)
			}
		}
		if got := strings.Join(codes, " "); err != nil || got != want {
			t.Errorf("%q finds %q, want %q (%v)", typed, got, want, err)
		}
	}
	if found, err := patrons.Find(lib.App, "r", 1); err != nil || len(found) != 1 {
		t.Errorf("at most one: %v, %v", found, err)
	}
}
