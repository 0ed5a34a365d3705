package collections

import "github.com/pocketbase/pocketbase/tools/types"

// Imports is the collection of bulk changes.
const Imports = "imports"

// Import is one bulk change: a file that was brought, what it would do, and what it did.
type Import struct {
	ID       string         `db:"id"`
	Kind     string         `db:"kind"`
	State    string         `db:"state"`
	File     string         `db:"file"` // as it was called
	Size     int64          `db:"size"` // bytes
	Staff    string         `db:"staff"`
	Language string         `db:"language"`
	Queued   types.DateTime `db:"queued"`
	Applied  types.DateTime `db:"applied"` // first
	ApplyKey string         `db:"apply_key"`
	UndoKey  string         `db:"undo_key"`
	Facts    int64          `db:"facts"`     // the number of the last fact before it was applied
	UndoneTo int64          `db:"undone_to"` // the entry of the journal down to which it is taken back
	Done     int            `db:"done"`
	Total    int            `db:"total"`
	Options  types.JSONRaw  `db:"options"`
	Columns  types.JSONRaw  `db:"columns"`
	Preview  types.JSONRaw  `db:"preview"`
	Result   types.JSONRaw  `db:"result"`
	Error    types.JSONRaw  `db:"error"` // a say.Text
	Created  types.DateTime `db:"created"`
}

func (Import) Collection() string { return Imports }

// What an import brings.
const (
	ImportTitles   = "titles"
	ImportRoster   = "roster"
	ImportPictures = "pictures"
	ImportTurnover = "turnover" // the change of the school year; it has no file
	ImportItems    = "items"    // a bulk change of items; it has no file
	ImportBooks    = "books"    // books that were scanned to be added; it has no file
)

// The states of an import.
const (
	ImportReading    = "reading" // the preview is being made
	ImportReady      = "ready"
	ImportRunning    = "running"
	ImportDone       = "done"
	ImportStopped    = "stopped" // in the middle; it can be applied again
	ImportUndoing    = "undoing"
	ImportUndone     = "undone"
	ImportUnreadable = "unreadable"
)
