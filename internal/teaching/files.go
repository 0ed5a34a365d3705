package teaching

import (
	"bytes"
	"encoding/json"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
)

// MaxFile bounds a file of a lesson, in bytes.
const MaxFile = 20 << 20

// endings are the files that are taken, by the end of their names, with how they begin. What a browser would run is not among them.
var endings = map[string][]string{
	".pdf": {"%PDF-"}, ".png": {"\x89PNG"}, ".jpg": {"\xff\xd8"}, ".jpeg": {"\xff\xd8"}, ".gif": {"GIF8"}, ".webp": {"RIFF"},
	".docx": {"PK"}, ".xlsx": {"PK"}, ".pptx": {"PK"}, ".odt": {"PK"}, ".ods": {"PK"}, ".odp": {"PK"}, ".epub": {"PK"},
	".doc": {"\xd0\xcf\x11\xe0"}, ".xls": {"\xd0\xcf\x11\xe0"}, ".ppt": {"\xd0\xcf\x11\xe0"},
	".txt": nil, ".md": nil, ".csv": nil, ".rtf": {"{\\rtf"},
}

// AddFile adds a file to the materials of a lesson. The codes are fault.NotFound (unknown_lesson), fault.Conflict (read_only), fault.TooLarge (too_big) and
// fault.Invalid at "name" or "file", named bad_file.
func AddFile(app core.App, lesson, name string, from io.Reader) (Lesson, error) {
	content, err := io.ReadAll(io.LimitReader(from, MaxFile+1))
	if err != nil {
		return Lesson{}, unfit("AddFile", "file", "teaching.file_empty").Because(err)
	}
	if name, err = checkFile(name, content); err != nil {
		return Lesson{}, err
	}
	return changeMaterials(app, "AddFile", lesson, func(app core.App, materials []Material) ([]Material, error) {
		if len(materials) >= maxMaterials {
			return nil, unfit("AddFile", "materials", "teaching.many", maxMaterials)
		}
		file, err := keepFile(app, lesson, name, content)
		return append(materials, Material{ID: file.ID, Kind: "file", Name: name, Size: file.Size}), err
	})
}

func checkFile(name string, content []byte) (string, error) {
	name, err := line("AddFile", "name", path.Base(strings.ReplaceAll(name, `\`, "/")), maxTitle)
	if err != nil {
		return name, err
	}
	if name == "" || name == "." || name == "/" {
		return name, unfit("AddFile", "name", "teaching.file_name")
	}
	begins, taken := endings[strings.ToLower(path.Ext(name))]
	switch {
	case len(content) > MaxFile:
		return name, fault.New("teaching.AddFile", fault.TooLarge, "teaching.file_big", MaxFile>>20).Named("too_big").At("file")
	case len(content) == 0:
		return name, unfit("AddFile", "file", "teaching.file_empty").Named("bad_file")
	case !taken,
		begins == nil && (!utf8.Valid(content) && bytes.IndexByte(content, 0) >= 0),
		begins != nil && !slices.ContainsFunc(begins, func(start string) bool { return bytes.HasPrefix(content, []byte(start)) }):
		return name, unfit("AddFile", "file", "teaching.file_kind").Named("bad_file")
	}
	return name, nil
}

// DropFile takes a file out of the materials of a lesson. The codes are fault.NotFound (unknown_lesson, no_file) and fault.Conflict (read_only).
func DropFile(app core.App, lesson, id string) (Lesson, error) {
	return changeMaterials(app, "DropFile", lesson, func(app core.App, materials []Material) ([]Material, error) {
		if _, err := fileOf(app, lesson, id); err != nil {
			return nil, err
		}
		record, err := app.FindRecordById(collections.LessonFiles, id)
		if err != nil {
			return nil, err
		}
		return slices.DeleteFunc(materials, func(m Material) bool { return m.ID == id }), app.Delete(record)
	})
}

func changeMaterials(app core.App, op, id string, change func(core.App, []Material) ([]Material, error)) (lesson Lesson, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		before, record, err := lessonToChange(app, op, id)
		if err != nil {
			return err
		}
		materials, err := change(app, before.Materials)
		if err != nil {
			return err
		}
		if record.Materials, err = json.Marshal(materials); err != nil {
			return err
		}
		if err := collections.Update(app, record); err != nil {
			return err
		}
		lesson, err = LessonByID(app, id)
		return err
	})
	return lesson, err
}

// keepFile stores a file for a lesson and puts it among the files, not yet among the materials.
func keepFile(app core.App, lesson, name string, content []byte) (file collections.LessonFile, err error) {
	collection, err := app.FindCachedCollectionByNameOrId(collections.LessonFiles)
	if err != nil {
		return file, err
	}
	stored, err := filesystem.NewFileFromBytes(content, "file"+strings.ToLower(path.Ext(name)))
	if err != nil {
		return file, err
	}
	record := core.NewRecord(collection)
	record.Set("lesson", lesson)
	record.Set("name", name)
	record.Set("file", stored)
	record.Set("size", len(content))
	if err := app.Save(record); err != nil {
		return file, err
	}
	return collections.LessonFile{ID: record.Id, Lesson: lesson, Name: name, File: record.GetString("file"), Size: len(content)}, nil
}

func fileOf(app core.App, lesson, id string) (collections.LessonFile, error) {
	file, found, err := collections.Find[collections.LessonFile](app, "id = {:id} AND lesson = {:lesson}", dbx.Params{"id": id, "lesson": lesson})
	if err == nil && !found {
		err = NoFile()
	}
	return file, err
}

// NoFile is the fault of a file that is not there: fault.NotFound (no_file).
func NoFile() error {
	return fault.New("teaching.OpenFile", fault.NotFound, "teaching.no_file").Named("no_file").At("material")
}

// OpenFile finds where a file of a lesson is, in the app's files, which the caller closes, and how it is called. The code is fault.NotFound (no_file).
func OpenFile(app core.App, lesson, id string) (files *filesystem.System, key, name string, err error) {
	file, err := fileOf(app, lesson, id)
	if err != nil {
		return nil, "", "", err
	}
	record, err := app.FindRecordById(collections.LessonFiles, id)
	if err != nil {
		return nil, "", "", err
	}
	files, err = app.NewFilesystem()
	return files, record.BaseFilesPath() + "/" + file.File, file.Name, err
}
