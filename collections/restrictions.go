package collections

// Restriction is what a family asked for: titles their child may not have, may have only, or that they want to be asked about.
type Restriction struct {
	ID     string `db:"id"`
	Patron string `db:"patron"`
	Mode   string `db:"mode"`  // deny, allow or ask
	Scope  string `db:"scope"` // all, title, tag, author or series
	Title  string `db:"title"`
	Value  string `db:"value"`  // the tag, author or series as written
	Folded string `db:"folded"` // and as it is compared
	Note   string `db:"note"`
}

func (Restriction) Collection() string { return Restrictions }

// TitleTag is one of the library's own tags on a title.
type TitleTag struct {
	ID     string `db:"id"`
	Title  string `db:"title"`
	Tag    string `db:"tag"`
	Folded string `db:"folded"`
}

func (TitleTag) Collection() string { return TitleTags }
