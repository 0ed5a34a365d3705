package frameworks

import (
	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// write does what compare settled. Ten thousand statements go in by few statements of SQL, so that the desk waits for less than a second.
func (in *intake) write(app core.App) error {
	if err := in.writeFramework(app); err != nil {
		return err
	}
	if err := in.number(app); err != nil {
		return err
	}
	rows, docs := make([][]any, len(in.put)), make([][]any, len(in.put))
	for n, i := range in.put {
		s, doc := &in.wanted[i], &in.indexed[i]
		rows[n] = []any{s.ID, s.Seq, s.Source, s.Code, s.Text, s.Short, s.Notes, s.Type, s.Grades, s.Parent, s.Depth, s.Position}
		docs[n] = []any{s.Seq, doc.Codes, doc.Text, doc.More}
	}
	params := dbx.Params{
		"framework": in.framework.ID, "rows": asJSON(rows), "docs": asJSON(docs), "drop": asJSON(in.drop), "keep": asJSON(in.keep), "behind": len(in.wanted),
	}
	for _, statement := range []string{
		"DELETE FROM standards_fts WHERE rowid IN (SELECT seq FROM standards WHERE id IN (SELECT value FROM json_each({:drop})))",
		"DELETE FROM standards WHERE id IN (SELECT value FROM json_each({:drop}))",
		// What is gone and still named stands at the end, at the top: what it stood under may be gone, too.
		`WITH kept (id, place) AS MATERIALIZED (SELECT s.id, row_number() OVER (ORDER BY s.position) FROM standards s WHERE s.id IN (SELECT value FROM json_each({:keep})))
			UPDATE standards SET gone = TRUE, parent = '', depth = 0, position = {:behind} + kept.place FROM kept WHERE kept.id = standards.id`,
		`INSERT INTO standards (id, framework, seq, source, code, text, text_es, short, notes, type, grades, parent, depth, position, gone)
			SELECT value->>0, {:framework}, value->>1, value->>2, value->>3, value->>4, '', value->>5, value->>6, value->>7, value->>8, value->>9, value->>10, value->>11, FALSE
			FROM json_each({:rows}) WHERE TRUE
			ON CONFLICT (id) DO UPDATE SET code = excluded.code, text = excluded.text, short = excluded.short, notes = excluded.notes, type = excluded.type,
				grades = excluded.grades, parent = excluded.parent, depth = excluded.depth, position = excluded.position, gone = FALSE`,
		"DELETE FROM standards_fts WHERE rowid IN (SELECT value->>0 FROM json_each({:docs}))",
		"INSERT INTO standards_fts (rowid, codes, text, more) SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each({:docs})",
	} {
		if _, err := app.DB().NewQuery(statement).Bind(params).Execute(); err != nil {
			return err
		}
	}
	return nil
}

// writeFramework keeps the framework itself; it has its id then.
func (in *intake) writeFramework(app core.App) (err error) {
	in.framework.ImportedAt = types.NowDateTime()
	if in.framework.ID != "" {
		return collections.Update(app, in.framework)
	}
	in.framework, err = collections.Insert(app, in.framework)
	return err
}

// number gives each new statement its row of the index.
func (in *intake) number(app core.App) error {
	var last int
	if err := app.DB().NewQuery("SELECT COALESCE(MAX(seq), 0) FROM standards").Row(&last); err != nil {
		return err
	}
	for _, i := range in.put {
		if in.wanted[i].Seq == 0 {
			last++
			in.wanted[i].Seq = last
		}
	}
	return nil
}
