package sample

// List is books of the school that belong together. Titles are without their subtitles.
type List struct {
	Name, NameES, Note, NoteES string
	Display                    bool // on the students' first page; else a collection for the librarian
	Titles                     []string
}

// Lists are what the librarian and the teachers of the school put together.
var Lists = []List{
	{
		Name: "Look up! Space and stars", NameES: "¡Mira arriba! Espacio y estrellas",
		Note: "Picked for Grade 4 science by Ms. Whitaker", NoteES: "Elegidos para ciencias de 4.º grado por la Sra. Whitaker", Display: true,
		Titles: []string{
			"The Planets", "The Moon Book", "Professor Astro Cat's Frontiers of Space", "Number the Stars", "Stars", "The Wild Robot", "Owl Moon", "Moonshot",
			"The Sun", "Team Moon", "The Magic School Bus Lost in the Solar System", "Zita the Spacegirl",
		},
	},
	{
		Name: "Paws, wings and fins", NameES: "Patas, alas y aletas", Note: "True facts about animals", NoteES: "Datos reales de animales", Display: true,
		Titles: []string{"Dinosaurs", "Owls", "Wolves", "Cats", "Sea Turtles", "Bats", "Sharks", "Red-Eyed Tree Frog", "Whales", "Animal"},
	},
	{
		Name: "Brave people", NameES: "Personas valientes", Note: "For the Grade 5 unit on civil rights", NoteES: "Para la unidad de 5.º grado sobre derechos civiles",
		Titles: []string{"Separate Is Never Equal", "We've Got a Job", "Stamped", "Number the Stars", "John Henry"},
	},
}

// Shelf is one shelf of the school's room, in units of 10 cm from the upper left corner. A turned shelf is Long high.
type Shelf struct {
	ID, Name, NameES string
	X, Y, Long, Bays int
	Turned           bool
	Side             string // from which its books are taken; empty for both
	Stands           []Range
}

// Range is what stands in a bay, of a location by its name; 0 is anywhere on the shelf.
type Range struct {
	Location, From, To string
	Bay, Board         int
}

// Shelves are where the books of the school stand.
var Shelves = []Shelf{
	{ID: "picture", Name: "Picture books", NameES: "Libros ilustrados", X: 5, Y: 6, Long: 75, Bays: 5, Turned: true, Side: "right", Stands: []Range{
		{Location: "Picture books", To: "E C", Bay: 1}, {Location: "Picture books", From: "E D", To: "E H", Bay: 2}, {Location: "Picture books", From: "E I", To: "E M", Bay: 3},
		{Location: "Picture books", From: "E N", To: "E R", Bay: 4}, {Location: "Picture books", From: "E S", Bay: 5},
	}},
	{ID: "fiction", Name: "Fiction", NameES: "Ficción", X: 26, Y: 6, Long: 64, Bays: 4, Side: "bottom", Stands: []Range{
		{Location: "Fiction", To: "FIC C", Bay: 1}, {Location: "Fiction", From: "FIC D", To: "FIC K", Bay: 2}, {Location: "Fiction", From: "FIC L", To: "FIC R", Bay: 3}, {Location: "Fiction", From: "FIC S", Bay: 4},
	}},
	{ID: "science", Name: "Science wall", NameES: "Pared de ciencias", X: 104, Y: 6, Long: 80, Bays: 5, Side: "bottom", Stands: []Range{
		{Location: "Nonfiction", From: "500", To: "513", Bay: 1}, {Location: "Nonfiction", From: "514", To: "519", Bay: 2}, {Location: "Nonfiction", From: "520", To: "522", Bay: 3},
		{Location: "Nonfiction", From: "523", To: "560", Bay: 4, Board: 2}, {Location: "Nonfiction", From: "561", To: "599", Bay: 5},
	}},
	{ID: "facts", Name: "True facts", NameES: "Datos reales", X: 34, Y: 30, Long: 45, Bays: 2, Stands: []Range{{Location: "Nonfiction", To: "397", Bay: 1}, {Location: "Nonfiction", From: "398", To: "499", Bay: 2}}},
	{ID: "arts", Name: "Arts and sports", NameES: "Arte y deportes", X: 34, Y: 48, Long: 45, Bays: 2, Stands: []Range{{Location: "Nonfiction", From: "600", To: "699", Bay: 1}, {Location: "Nonfiction", From: "700", To: "899", Bay: 2}}},
	{ID: "history", Name: "History and lives", NameES: "Historia y vidas", X: 34, Y: 66, Long: 45, Bays: 2, Stands: []Range{{Location: "Nonfiction", From: "900", To: "999", Bay: 1}, {Location: "Nonfiction", From: "B", To: "B", Bay: 2}}},
	{ID: "spanish", Name: "En español", NameES: "En español", X: 177, Y: 30, Long: 60, Bays: 3, Turned: true, Side: "left", Stands: []Range{{Location: "Spanish"}}},
	{ID: "graphic", Name: "Graphic novels", NameES: "Novelas gráficas", X: 5, Y: 96, Long: 34, Bays: 1, Side: "top", Stands: []Range{{Location: "Graphic novels"}}},
	{ID: "reference", Name: "Reference", NameES: "Consulta", X: 150, Y: 106, Long: 32, Bays: 1, Side: "top", Stands: []Range{{Location: "Reference"}}},
}
