package bench

import (
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// inside works in a folder that no server has open: it brings in what no command does.
func inside(dir string, work func(app core.App) error) error {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: store.Connect})
	store.BindOpen(app)
	if err := app.Bootstrap(); err != nil {
		return err
	}
	defer app.ResetBootstrapState() //nolint:errcheck // the work is durable or has failed
	return work(app)
}

// idsBy are the ids of a table by the barcode of each row.
func idsBy(app core.App, table string) (map[string]string, error) {
	rows := []struct {
		ID      string `db:"id"`
		Barcode string `db:"barcode"`
	}{}
	err := app.DB().Select("id", "barcode").From(table).Where(dbx.NewExp("barcode != ''")).All(&rows)
	ids := make(map[string]string, len(rows))
	for _, row := range rows {
		ids[row.Barcode] = row.ID
	}
	return ids, err
}
