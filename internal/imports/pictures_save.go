package imports

import (
	"image"
	"io"
	"path"
	"strings"

	"carrel/collections"
	"carrel/internal/fault"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
)

// savePicture gives a patron a picture.
func savePicture(app core.App, patron string, in io.Reader) error {
	data, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	if _, _, err := image.Decode(strings.NewReader(string(data))); err != nil {
		return fault.New("imports.savePicture", fault.Invalid, "imports.picture.no_picture").Because(err)
	}
	record, err := app.FindRecordById(collections.Patrons, patron)
	if err != nil {
		return err
	}
	file, err := filesystem.NewFileFromBytes(data, "picture.jpg")
	if err != nil {
		return err
	}
	record.Set("picture", file)
	return app.Save(record)
}

// byPictureName finds the patron a picture is called after: by student number, barcode or the other system's number.
func byPictureName(app core.App) (func(name string) (id string, known bool), error) {
	all, err := collections.All[collections.Patron](app, "status = 'active'", "id", nil)
	if err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for _, p := range all {
		for _, number := range []string{p.SourceID, p.Barcode, p.DistrictID} {
			if number != "" {
				ids[strings.ToLower(number)] = p.ID
			}
		}
	}
	return func(name string) (string, bool) {
		id, known := ids[strings.ToLower(strings.TrimSuffix(name, path.Ext(name)))]
		return id, known
	}, nil
}
