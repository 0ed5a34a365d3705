package teaching

import (
	"io"
	"slices"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
)

// CopyLesson makes a lesson of one's own from another one, with its standards and files, and remembers where it comes from. The codes are fault.NotFound
// (unknown_lesson), fault.Invalid at "title" and fault.Conflict (key_reused).
func CopyLesson(app core.App, act Act, id, title string) (Lesson, error) {
	from, err := LessonByID(app, id)
	if err != nil {
		return Lesson{}, err
	}
	origin := Origin{"lesson", from.ID, from.Title}
	if from.ReadOnly {
		origin.Kind = "district"
	}
	fields := FieldsOf(from)
	fields.Title, fields.Archived, fields.Steps = or(title, from.Title), false, from.Steps
	fields.Materials = slices.DeleteFunc(slices.Clone(from.Materials), func(m Material) bool { return m.Kind == "file" })
	fields.Standards = []string{}
	for _, standard := range from.Standards {
		fields.Standards = append(fields.Standards, standard.ID)
	}
	return addLesson(app, act, "copy", fields, fields.Materials, &origin, func(app core.App, made string) error { return copyFiles(app, id, made) })
}

func copyFiles(app core.App, from, to string) error {
	files, err := collections.All[collections.LessonFile](app, "lesson = {:lesson}", "created, id", dbx.Params{"lesson": from})
	if err != nil || len(files) == 0 {
		return err
	}
	store, err := app.NewFilesystem()
	if err != nil {
		return err
	}
	defer store.Close() //nolint:errcheck // only read
	for _, file := range files {
		content, err := readStored(app, store, file)
		if err != nil {
			return err
		}
		_, err = changeMaterials(app, "CopyLesson", to, func(app core.App, materials []Material) ([]Material, error) {
			kept, err := keepFile(app, to, file.Name, content)
			return append(materials, Material{ID: kept.ID, Kind: "file", Name: kept.Name, Size: kept.Size}), err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func readStored(app core.App, store *filesystem.System, file collections.LessonFile) ([]byte, error) {
	record, err := app.FindRecordById(collections.LessonFiles, file.ID)
	if err != nil {
		return nil, err
	}
	reader, err := store.GetReader(record.BaseFilesPath() + "/" + file.File)
	if err != nil {
		return nil, err
	}
	defer reader.Close() //nolint:errcheck // only read
	return io.ReadAll(reader)
}
