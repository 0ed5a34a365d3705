package catalog

import (
	"database/sql"
	"errors"
	"io"
	"net/http"
	"path"
	"strings"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/portrait"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
)

// The largest a cover is kept, in dots, and the size of the small one for lists.
const (
	coverWidth, coverHeight = 400, 600
	smallCover              = "120x180f"
)

// SaveCover makes a cover of a file (JPEG, PNG or WebP) and puts it in the place of the one a title has: a JPEG of at most 400 × 600 dots and nothing
// else of the file. It answers the version of the new cover and when the title was saved with it. The codes are fault.Invalid at "picture", named
// too_big, bad_picture or too_many_dots, and fault.NotFound (unknown_title).
func SaveCover(app core.App, title string, from io.Reader) (version, updated string, err error) {
	const op = "catalog.SaveCover"
	file, err := io.ReadAll(io.LimitReader(from, portrait.MaxBytes+1))
	if err != nil {
		return "", "", fault.New(op, fault.Invalid, "patrons.picture.kind").Named("bad_picture").At("picture").Because(err)
	}
	made, err := portrait.Fit(file, coverWidth, coverHeight)
	if err != nil {
		return "", "", err
	}
	cover, err := filesystem.NewFileFromBytes(made, "cover.jpg")
	if err != nil {
		return "", "", err
	}
	return setCover(app, op, title, cover)
}

// DropCover takes a title's cover away; no cover is taken away as well as one. The code is fault.NotFound (unknown_title).
func DropCover(app core.App, title string) (updated string, err error) {
	_, updated, err = setCover(app, "catalog.DropCover", title, nil)
	return updated, err
}

func setCover(app core.App, op, title string, cover *filesystem.File) (version, updated string, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		record, err := app.FindRecordById(collections.Titles, title)
		if errors.Is(err, sql.ErrNoRows) {
			return noTitle(op)
		}
		if err != nil {
			return err
		}
		if cover == nil {
			record.Set("cover", "")
		} else {
			record.Set("cover", cover)
		}
		if err := app.Save(record); err != nil {
			return err
		}
		version, updated = CoverVersion(record.GetString("cover")), record.GetDateTime("updated").String()
		return nil
	})
	return version, updated, err
}

// CoverVersion is the version of a cover as addresses name it, of the name of its file; "" for none.
func CoverVersion(file string) string {
	name := strings.TrimSuffix(file, path.Ext(file))
	return name[strings.LastIndexByte(name, '_')+1:]
}

// CoverHandler serves the cover of the title that the request's path calls {id}; ?size=s is a small one for lists. With ?v= of the cover as it is a
// browser keeps it for a year, else it asks each time. Anybody may see a cover.
func CoverHandler(app core.App) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := serveCover(app, w, r); err != nil {
			app.Logger().Error("a cover could not be served", "error", err)
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		}
	})
}

func serveCover(app core.App, w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	var name string
	err := app.DB().Select("cover").From(collections.Titles).Where(dbx.HashExp{"id": id}).Row(&name)
	if errors.Is(err, sql.ErrNoRows) || err == nil && name == "" {
		http.NotFound(w, r)
		return nil
	}
	if err != nil {
		return err
	}
	collection, err := app.FindCachedCollectionByNameOrId(collections.Titles)
	if err != nil {
		return err
	}
	files, err := app.NewFilesystem()
	if err != nil {
		return err
	}
	defer files.Close() //nolint:errcheck // only read
	key, tag := path.Join(collection.BaseFilesPath(), id, name), CoverVersion(name)
	if r.URL.Query().Get("size") == "s" {
		if key, err = smallOf(files, collection.BaseFilesPath(), id, name); err != nil {
			return err
		}
		tag += "-s"
	}
	header := w.Header()
	header.Set("ETag", `"`+tag+`"`)
	header.Set("Cache-Control", "no-cache")
	if v := r.URL.Query().Get("v"); v == CoverVersion(name) || v == name { // lists name the whole file
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	header.Set("Content-Type", "image/jpeg")
	err = files.Serve(w, r, key, "cover.jpg")
	if errors.Is(err, filesystem.ErrNotFound) { // the store has a cover that its folder has lost
		for _, name := range []string{"ETag", "Cache-Control"} {
			header.Del(name)
		}
		http.NotFound(w, r)
		return nil
	}
	return err
}

// smallOf is the place of a cover's small picture, where the platform keeps and deletes those of a file; it is made when it is asked for first.
func smallOf(files *filesystem.System, base, id, name string) (string, error) {
	whole := path.Join(base, id, name)
	small := path.Join(base, id, "thumbs_"+name, smallCover+"_"+name)
	there, err := files.Exists(small)
	if err != nil || there {
		return small, err
	}
	if there, err = files.Exists(whole); err != nil || !there {
		return whole, err
	}
	return small, files.CreateThumb(whole, small, smallCover)
}
