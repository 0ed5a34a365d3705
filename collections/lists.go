package collections

import "carrel/internal/policy"

// The collections of lists.
const (
	TitleLists       = "title_lists"
	TitleListEntries = "title_list_entries"
)

// TitleList is titles that belong together: a collection, a display, or a topic of the students' first page.
type TitleList struct {
	ID       string     `db:"id"`
	Name     string     `db:"name"`
	NameES   string     `db:"name_es"`
	Note     string     `db:"note"`
	NoteES   string     `db:"note_es"`
	Kind     string     `db:"kind"`
	Icon     string     `db:"icon"`
	Shown    bool       `db:"shown"` // to students
	From     policy.Day `db:"shown_from"`
	Until    policy.Day `db:"shown_until"`
	Position int        `db:"position"`
	Search   string     `db:"search"` // the query of a list that fills itself; empty for a chosen one
}

func (TitleList) Collection() string { return TitleLists }

// TitleListEntry puts a title into a chosen list.
type TitleListEntry struct {
	ID       string `db:"id"`
	List     string `db:"list"`
	Title    string `db:"title"`
	Position int    `db:"position"`
}

func (TitleListEntry) Collection() string { return TitleListEntries }

// The kinds of lists.
const (
	ListCollection = "collection"
	ListDisplay    = "display"
	ListTopic      = "topic"
)
