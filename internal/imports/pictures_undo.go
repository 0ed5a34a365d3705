package imports

import (
	"errors"
	"os"
	"path/filepath"

	"carrel/collections"
	"carrel/internal/patrons"

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

func putBackPicture(app core.App, id, patronID, before, after string) error {
	patron, found, err := patronOf(app, patronID)
	if err != nil || !found {
		return err
	}
	if patron.Picture != after {
		_, err := app.DB().NewQuery("INSERT OR IGNORE INTO import_kept (import, tbl, row, why) VALUES ({:id}, 'patrons', {:row}, 'picture')").
			Bind(dbx.Params{"id": id, "row": patronID}).Execute()
		return err
	}
	if before == "" {
		return patrons.DropPicture(app, patronID)
	}
	data, err := os.ReadFile(filepath.Join(replacedFolder(app, id), patronID))
	if errors.Is(err, os.ErrNotExist) {
		return patrons.DropPicture(app, patronID)
	}
	if err != nil {
		return err
	}
	return patrons.PutPicture(app, patronID, data)
}
