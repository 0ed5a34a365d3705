package imports

import (
	"bytes"
	"image"
	"path"
	"strings"

	"carrel/collections"
	"carrel/internal/fault"

	"github.com/pocketbase/pocketbase/core"
)

// makePortrait refuses what is no picture.
func makePortrait(data []byte) ([]byte, error) {
	if _, _, err := image.Decode(bytes.NewReader(data)); err != nil {
		return nil, fault.New("imports.makePortrait", fault.Invalid, "imports.picture.no_picture").Because(err)
	}
	return data, nil
}

// byPictureName finds the patron a picture is called after: by student number, barcode or the other system's number.
func byPictureName(app core.App) (func(name string) (collections.Patron, bool), error) {
	all, err := collections.All[collections.Patron](app, "status = 'active'", "id", nil)
	if err != nil {
		return nil, err
	}
	by := map[string]collections.Patron{}
	for _, p := range all {
		for _, number := range []string{p.SourceID, p.Barcode, p.DistrictID} {
			if number != "" {
				by[strings.ToLower(number)] = p
			}
		}
	}
	return func(name string) (collections.Patron, bool) {
		p, known := by[strings.ToLower(strings.TrimSuffix(name, path.Ext(name)))]
		return p, known
	}, nil
}
