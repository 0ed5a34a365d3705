package room

import "carrel/internal/say"

// Shipped is a plan to start from: a room of 19 by 12 m as many a school has it, with the shelves in the usual order of call numbers. It is a
// drawing to be changed, never shown to children as it is.
func Shipped() Plan {
	return Plan{Width: 190, Height: 120, Things: []Thing{
		{ID: "door", Kind: Door, X: 96, Y: 117, W: 24, H: 3},
		{ID: "desk", Kind: Desk, X: 62, Y: 87, W: 35, H: 14},
		{ID: "rug", Kind: Rug, X: 124, Y: 74, W: 28, H: 28},
		named("picture", 3, 4, 76, 9, 90, 5, Right, Range{From: "E", To: "E"}),
		named("fiction", 26, 4, 64, 9, 0, 4, Bottom, Range{From: "FIC A", To: "FIC F", Bay: 1}, Range{From: "FIC G", To: "FIC L", Bay: 2},
			Range{From: "FIC M", To: "FIC R", Bay: 3}, Range{From: "FIC S", To: "FIC Z", Bay: 4}),
		named("science", 98, 4, 80, 9, 0, 5, Bottom, Range{From: "500", To: "519", Bay: 1}, Range{From: "520", To: "522", Bay: 2},
			Range{From: "523", To: "529", Bay: 3}, Range{From: "530", To: "589", Bay: 4}, Range{From: "590", To: "599", Bay: 5}),
		named("facts", 34, 26, 45, 8, 0, 3, "", Range{From: "000", To: "299", Bay: 1}, Range{From: "300", To: "397", Bay: 2}, Range{From: "398", To: "499", Bay: 3}),
		named("arts", 34, 44, 45, 8, 0, 3, "", Range{From: "600", To: "699", Bay: 1}, Range{From: "700", To: "799", Bay: 2}, Range{From: "800", To: "899", Bay: 3}),
		named("history", 34, 62, 45, 8, 0, 2, "", Range{From: "900", To: "999", Bay: 1}, Range{From: "B", To: "B", Bay: 2}),
		named("spanish", 178, 28, 64, 9, 90, 4, Left, Range{From: "SPA", To: "SPA"}),
		named("graphic", 3, 92, 30, 9, 0, 2, Top, Range{From: "GN", To: "GN", Bay: 1}, Range{From: "741.5", To: "741.5", Bay: 2}),
	}}
}

// named is a shelf called as the sentences call it in each language.
func named(id string, x, y, w, h, turn, bays int, side string, ranges ...Range) Thing {
	name := say.T("map.start." + id)
	return Thing{ID: id, Kind: Shelf, Name: name.In(say.English), NameES: name.In(say.Spanish), X: x, Y: y, W: w, H: h, Turn: turn, Bays: bays, Side: side, Ranges: ranges}
}
