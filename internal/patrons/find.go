package patrons

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Found is a patron as a search over everything shows one.
type Found struct {
	Barcode  string `json:"barcode"`
	Name     string `json:"name"`
	Homeroom string `json:"homeroom"`
	Grade    string `json:"grade"`
}

// Find is the first of what List finds by the text, by name. Nothing typed finds nobody.
func Find(app core.App, typed string, limit int) ([]Found, error) {
	found := []Found{}
	if match(typed) == "" {
		return found, nil
	}
	page, err := List(app, Query{Text: typed, PerPage: limit}, time.Now())
	for _, row := range page.Items {
		one := Found{Barcode: row.Barcode, Name: row.Name, Grade: row.Grade}
		if row.Homeroom != nil {
			one.Homeroom = row.Homeroom.Name
		}
		found = append(found, one)
	}
	return found, err
}
