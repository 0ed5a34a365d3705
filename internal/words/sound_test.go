package words

import "testing"

func TestSound(t *testing.T) {
	for _, pair := range [][2]string{
		{"nite", "night"}, {"skool", "school"}, {"rokit", "rocket"}, {"fone", "phone"}, {"elefant", "elephant"}, {"jiraf", "giraffe"}, {"sience", "science"},
		{"krayon", "crayon"}, {"nife", "knife"}, {"rite", "write"}, {"dragin", "dragon"}, {"bolcan", "volcan"}, {"yave", "llave"},
		{"kueso", "queso"}, {"sapato", "zapato"}, {"ermano", "hermano"}, {"jirafa", "girafa"}, {"butterfly", "buterfli"}, {"pikture", "picture"},
	} {
		if Sound(pair[0]) != Sound(pair[1]) {
			t.Errorf("%s sounds %q, %s sounds %q", pair[0], Sound(pair[0]), pair[1], Sound(pair[1]))
		}
	}
	for _, pair := range [][2]string{{"dog", "cat"}, {"shark", "snake"}, {"moon", "sun"}, {"lion", "wolf"}, {"книга", "кни"}} {
		if Sound(pair[0]) == Sound(pair[1]) {
			t.Errorf("%s and %s sound alike", pair[0], pair[1])
		}
	}
}
