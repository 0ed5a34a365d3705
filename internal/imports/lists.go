package imports

import (
	"carrel/collections"
	"carrel/internal/booklist"
	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/patrons"
	"carrel/internal/roster"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// list is a file whose columns somebody may choose.
type list interface {
	look() ([]Column, error) // as the heading tells; none for a set of several files
	fields() []string        // what a column may be
	missing(columns, Options) ([]string, error)
}

// listOf is the list that an import brings, nil when it brings no list.
func listOf(imp collections.Import, path string) (list, error) {
	switch imp.Kind {
	case collections.ImportRoster:
		return people{path, imp.File}, nil
	case collections.ImportTitles:
		_, isTable, err := catalog.LookAtTable(path, imp.File)
		if err != nil || !isTable {
			return nil, err
		}
		return books{path, imp.File}, nil
	}
	return nil, nil
}

type people struct{ path, name string }

func (l people) look() ([]Column, error) {
	found, err := roster.Look(l.path)
	if err != nil {
		return nil, patrons.Unreadable("imports.look", l.name, err)
	}
	list := make([]Column, len(found))
	for i, column := range found {
		list[i] = Column{column.Name, column.Sample, column.Field}
	}
	return list, nil
}

func (l people) fields() []string { return roster.Fields }

func (l people) missing(c columns, o Options) ([]string, error) {
	missing, err := roster.Missing(l.path, c.options(o))
	if err != nil {
		err = patrons.Unreadable("imports.missing", l.name, err)
	}
	return missing, err
}

type books struct{ path, name string }

func (l books) look() ([]Column, error) {
	found, _, err := catalog.LookAtTable(l.path, l.name)
	if err != nil {
		return nil, err
	}
	list := make([]Column, len(found))
	for i, column := range found {
		list[i] = Column{column.Name, column.Sample, column.Field}
	}
	return list, nil
}

func (l books) fields() []string { return booklist.Fields }

func (l books) missing(c columns, _ Options) ([]string, error) {
	return booklist.Missing(c.Fields), nil
}

// checkMap refuses words that would go to what is not there.
func checkMap(app core.App, words catalog.Words) error {
	for _, part := range []struct {
		table, field string
		ids          map[string]string
	}{{collections.Locations, "map.locations.", words.Locations}, {collections.ItemTypes, "map.types.", words.Types}} {
		for word, id := range part.ids {
			if id == "" {
				continue
			}
			var there int
			if err := app.DB().Select("COUNT(*)").From(part.table).Where(dbx.HashExp{"id": id}).Row(&there); err != nil {
				return err
			}
			if there == 0 {
				return fault.New("imports.checkMap", fault.Invalid, "imports.bad_map", word).At(part.field + word)
			}
		}
	}
	return nil
}
