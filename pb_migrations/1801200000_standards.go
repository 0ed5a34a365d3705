package pb_migrations

import (
	"fmt"
	"strings"

	"carrel/internal/standards"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Frameworks of learning standards, their statements, and the index by which statements are found. Carrel's own short list is there from the start.
func init() {
	m.Register(func(app core.App) error {
		for _, step := range []func(core.App) error{createFrameworks, createStandardsIndex, seedOwnStandards} {
			if err := step(app); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}

func createFrameworks(app core.App) error {
	err := base(app, "standard_frameworks", []string{"CREATE INDEX idx_standard_frameworks_source ON standard_frameworks (source)"},
		text("source", 400), // as its makers name it; a spreadsheet has none
		needed("title", 400), text("creator", 400), text("language", 20), text("status", 60),
		yes("own"), instant("imported_at"), created(), updated())
	if err != nil {
		return err
	}
	framework, err := to(app, "framework", "standard_frameworks")
	if err != nil {
		return err
	}
	framework.Required, framework.CascadeDelete = true, true
	return base(app, "standards", []string{
		"CREATE UNIQUE INDEX idx_standards_seq ON standards (seq)",
		"CREATE UNIQUE INDEX idx_standards_source ON standards (framework, source)",
		"CREATE INDEX idx_standards_position ON standards (framework, position)",
	},
		framework, number("seq"), // the row of the index
		needed("source", 400), text("code", 200), needed("text", 20_000), text("text_es", 20_000), text("short", 2000), text("notes", 20_000), text("type", 100),
		text("grades", 60), // "K,1,2"; empty for any
		text("parent", 15), number("depth"), number("position"),
		yes("gone")) // its makers took it out, and lessons still name it
}

// createStandardsIndex makes the index of statements, in the manner of the search index of titles: folded words, parted by blanks, and no text of its own.
func createStandardsIndex(app core.App) error {
	return execAll(app, `CREATE VIRTUAL TABLE standards_fts USING fts5 (
		codes, text, more,
		content = '', contentless_delete = 1,
		tokenize = "ascii tokenchars '.#'", prefix = '2 3'
	)`)
}

const ownFramework = "ownstandards000"

func seedOwnStandards(app core.App) error {
	own, err := standards.Own()
	if err != nil {
		return err
	}
	_, err = app.DB().NewQuery(`INSERT INTO standard_frameworks (id, source, title, creator, language, status, own, imported_at, created, updated)
		VALUES ({:id}, '', 'Library skills in plain words', 'Carrel', '', '', TRUE, '', strftime('%Y-%m-%d %H:%M:%fZ'), strftime('%Y-%m-%d %H:%M:%fZ'))`).
		Bind(dbx.Params{"id": ownFramework}).Execute()
	if err != nil {
		return err
	}
	for i, one := range own {
		parent := ""
		if one.Parent >= 0 {
			parent = ownID(one.Parent)
		}
		_, err := app.DB().NewQuery(`INSERT INTO standards (id, framework, seq, source, code, text, text_es, short, notes, type, grades, parent, depth, position, gone)
			VALUES ({:id}, {:framework}, {:seq}, {:code}, {:code}, {:text}, {:spanish}, '', '', '', {:grades}, {:parent}, {:depth}, {:seq}, FALSE)`).
			Bind(dbx.Params{"id": ownID(i), "framework": ownFramework, "seq": i + 1, "code": one.Code, "text": one.Text, "spanish": one.TextES,
				"grades": strings.Join(one.Grades, ","), "parent": parent, "depth": one.Depth}).Execute()
		if err != nil {
			return err
		}
		indexed := standards.Index(one.Code, one.Text+" "+one.TextES, "")
		_, err = app.DB().NewQuery("INSERT INTO standards_fts (rowid, codes, text, more) VALUES ({:seq}, {:codes}, {:text}, '')").
			Bind(dbx.Params{"seq": i + 1, "codes": indexed.Codes, "text": indexed.Text}).Execute()
		if err != nil {
			return err
		}
	}
	return nil
}

func ownID(i int) string { return fmt.Sprintf("ownstandard%04d", i+1) }
