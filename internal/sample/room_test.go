package sample

import (
	"slices"
	"testing"
)

// Every title of a list is a book of the school, and every range is of a place where books stand.
func TestListsAndShelvesAreOfTheSchool(t *testing.T) {
	books := map[string]bool{}
	for _, title := range volume(0) {
		books[title.Title] = true
	}
	for _, list := range Lists {
		for _, name := range list.Titles {
			if !books[name] {
				t.Errorf("%s: there is no %q", list.Name, name)
			}
		}
	}
	for _, shelf := range Shelves {
		for _, r := range shelf.Stands {
			if !slices.Contains(Locations, r.Location) {
				t.Errorf("%s: there is no place %q", shelf.Name, r.Location)
			}
		}
	}
}
