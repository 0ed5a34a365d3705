package imports

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// putBackPictures takes the pictures of an import away and puts those before in their place. An entry goes with what it says, so it can be cut off.
func (r *Runner) putBackPictures(j *job, imp collections.Import) error {
	for {
		var rows []struct {
			Seq    int64  `db:"seq"`
			Patron string `db:"row"`
			Before string `db:"before"`
			After  string `db:"part"`
		}
		err := r.app.DB().NewQuery("SELECT seq, row, before, part FROM import_changes WHERE import = {:id} AND tbl = 'pictures' ORDER BY seq DESC LIMIT 1").
			Bind(dbx.Params{"id": imp.ID}).All(&rows)
		if err != nil || len(rows) == 0 {
			return err
		}
		if err := j.ctx.Err(); err != nil {
			return err
		}
		began := r.Now()
		entry := rows[0]
		err = r.app.RunInTransaction(func(app core.App) error {
			if err := putBackPicture(app, imp.ID, entry.Patron, entry.Before, entry.After); err != nil {
				return err
			}
			_, err := app.DB().Delete("import_changes", dbx.HashExp{"seq": entry.Seq}).Execute()
			return err
		})
		if err != nil {
			return err
		}
		done, total := j.progress()
		j.at(int(done)+1, int(total))
		pause(j, r.Now().Sub(began))
	}
}

func putBackPicture(app core.App, id, patron, before, after string) error {
	has, err := pictureOf(app, patron)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if has != after {
		_, err := app.DB().NewQuery("INSERT OR IGNORE INTO import_kept (import, tbl, row, why) VALUES ({:id}, 'patrons', {:row}, 'picture')").
			Bind(dbx.Params{"id": id, "row": patron}).Execute()
		return err
	}
	var data []byte
	if before != "" {
		data, err = os.ReadFile(filepath.Join(replacedFolder(app, id), patron))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return savePicture(app, patron, before, data)
}
