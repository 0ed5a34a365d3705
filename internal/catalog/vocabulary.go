package catalog

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/tools/types"
)

// Words tell for the locations and the item types of a file which of the school's they are: ids by word.
type Words struct {
	Locations map[string]string `json:"locations,omitempty"`
	Types     map[string]string `json:"types,omitempty"`
}

// NewWords are the locations and the item types of a file that the school did not have.
type NewWords struct {
	Locations []NewWord `json:"locations"`
	Types     []NewWord `json:"types"`
}

// NewWord is one of them. ID is the entry it was told to be; with none one is made.
type NewWord struct {
	Word string `json:"word"`
	N    int    `json:"n"` // items
	ID   string `json:"id"`
}

// vocabulary is the item types or the locations of the school, by code.
type vocabulary struct {
	table string
	told  map[string]string   // ids by code, as a librarian chose
	ids   map[string]string   // of the codes met so far
	fresh map[string]*NewWord // of them, those the school did not have
}

func newVocabulary(table string, told map[string]string) vocabulary {
	return vocabulary{table, told, map[string]string{}, map[string]*NewWord{}}
}

// maxCode is the length of a code in characters, as the store has it.
const maxCode = 60

// codeOf is the code by which a record's word for a type or a location is known.
func codeOf(word string) string { return clip(strings.Join(strings.Fields(word), " "), maxCode) }

// id is the id of the entry called code, "" for no code. One that is not known yet is made: it may be a misspelling, so the caller
// warns of it.
func (v *vocabulary) id(b *store.Bulk, code string) (id string, added bool, err error) {
	if code == "" {
		return "", false, nil
	}
	if word := v.fresh[code]; word != nil {
		word.N++
	}
	if id, ok := v.ids[code]; ok {
		return id, false, nil
	}
	row, err := b.Row("SELECT id FROM "+v.table+" WHERE code = ?", code)
	if err != nil {
		return "", false, err
	}
	err = row.Scan(&id)
	switch told := v.told[code]; {
	case err == nil:
	case !errors.Is(err, sql.ErrNoRows):
		return "", false, err
	case told != "":
		id, err = told, nil
		v.fresh[code] = &NewWord{code, 1, told}
	default:
		id, added = newID(), true
		err = v.add(b, id, code)
		v.fresh[code] = &NewWord{code, 1, ""}
	}
	v.ids[code] = id
	return id, added, err
}

func (v *vocabulary) add(b *store.Bulk, id, code string) error {
	now := types.NowDateTime().String()
	return b.Exec("INSERT INTO "+v.table+" (id, code, name, position, created, updated) SELECT ?, ?, ?, COALESCE(MAX(position), 0) + 1, ?, ? FROM "+v.table,
		id, code, code, now, now)
}

// newWords lists what the school did not have, the most frequent first.
func (v *vocabulary) newWords() []NewWord {
	list := make([]NewWord, 0, len(v.fresh))
	for _, word := range v.fresh {
		list = append(list, *word)
	}
	slices.SortFunc(list, func(a, b NewWord) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Word, b.Word)) })
	return list
}
