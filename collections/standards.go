package collections

import "github.com/pocketbase/pocketbase/tools/types"

// The collections of learning standards.
const (
	StandardFrameworks = "standard_frameworks"
	Standards          = "standards"
)

// Framework is a set of learning standards as its makers published it, or Carrel's own.
type Framework struct {
	ID         string         `db:"id"`
	Source     string         `db:"source"` // as its makers name it; empty for a spreadsheet, which goes by its title
	Title      string         `db:"title"`
	Creator    string         `db:"creator"`
	Language   string         `db:"language"`
	Status     string         `db:"status"`
	Own        bool           `db:"own"`
	ImportedAt types.DateTime `db:"imported_at"`
	Updated    types.DateTime `db:"updated"`
}

func (Framework) Collection() string { return StandardFrameworks }

// Standard is a statement of a framework, or a heading above some.
type Standard struct {
	ID        string `db:"id"`
	Framework string `db:"framework"`
	Seq       int    `db:"seq"`    // its row in the index
	Source    string `db:"source"` // as its makers name it, or its code or words where they do not
	Code      string `db:"code"`
	Text      string `db:"text"`
	TextES    string `db:"text_es"` // of Carrel's own only
	Short     string `db:"short"`
	Notes     string `db:"notes"`
	Type      string `db:"type"`
	Grades    string `db:"grades"` // "K,1,2"; empty for any
	Parent    string `db:"parent"` // id; empty at the top
	Depth     int    `db:"depth"`
	Position  int    `db:"position"` // in its framework, in the order of its makers
	Gone      bool   `db:"gone"`     // its makers took it out, and lessons still name it
}

func (Standard) Collection() string { return Standards }
