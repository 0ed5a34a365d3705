package discovery

import (
	"net/url"
	"strings"
	"testing"
)

// spellings are what children type, by ear, by mistake and in either language, and the title of the sample school they mean.
var spellings = [][2]string{
	// a letter or two
	{"dinosors", "Dinosaurs"}, {"dinasors", "Dinosaurs"}, {"dinosaurus", "Dinosaurs"}, {"dinosuars", "Dinosaurs"}, {"harry poter", "Harry Potter"},
	{"hary potter", "Harry Potter"}, {"harry pottar", "Harry Potter"}, {"hari poter", "Harry Potter"}, {"hachet", "Hatchet"}, {"hatchit", "Hatchet"},
	{"coralin", "Coraline"}, {"matida", "Matilda"}, {"olivya", "Olivia"}, {"corderoy", "Corduroy"}, {"madalin", "Madeline"}, {"chrysanthamum", "Chrysanthemum"},
	{"ramonna", "Ramona"}, {"bunicula", "Bunnicula"}, {"superfuge", "Superfudge"}, {"clemintine", "Clementine"}, {"jumangi", "Jumanji"}, {"flotsum", "Flotsam"},
	{"stelaluna", "Stellaluna"}, {"watercres", "Watercress"}, {"wimpy kidd", "Diary of a Wimpy Kid"}, {"diery of a wimpy kid", "Diary of a Wimpy Kid"},
	{"captin underpants", "Captain Underpants"}, {"captian underpants", "Captain Underpants"}, {"capten underpance", "Captain Underpants"},
	{"percy jackson lightening", "The Lightning Thief"}, {"lightening theif", "The Lightning Thief"}, {"lightning theef", "The Lightning Thief"},
	{"charlie and the choclate factory", "Chocolate Factory"}, {"chocolet factory", "Chocolate Factory"}, {"chocalate", "Chocolate Factory"},
	{"junie b jons", "Junie B. Jones"}, {"june b jones", "Junie B. Jones"}, {"magic school buss", "Magic School Bus"}, {"majic school bus", "Magic School Bus"},
	{"magick skool bus", "Magic School Bus"}, {"curius george", "Curious George"}, {"curious gorge", "Curious George"}, {"curious jorge", "Curious George"},
	// by ear
	{"volcanos", "Volcano"}, {"vulcano", "Volcano"}, {"volkano", "Volcano"}, {"tornados", "Tornadoes"}, {"hurrycane", "Hurricane"}, {"huricane", "Hurricane"},
	{"plannets", "The Planets"}, {"planits", "The Planets"}, {"graverty", "Gravity"}, {"sharcks", "Sharks"}, {"sharx", "Sharks"}, {"woolves", "Wolves"},
	{"wulvs", "Wolves"}, {"terttles", "Sea Turtles"}, {"turtels", "Sea Turtles"}, {"see turtles", "Sea Turtles"}, {"skelliton bones", "Bones"}, {"fosils", "Fossils"},
	{"fossels", "Fossils"}, {"jiraffes", "Giraffes"}, {"girafs", "Giraffes"}, {"elefant", "Today I Will Fly"}, {"elafant", "Today I Will Fly"}, {"kitens", "Kitten"}, {"kittins", "Kitten"},
	{"pengwins", "Penguins"}, {"penguines", "Penguins"}, {"spidor", "Spider"}, {"anansee", "Anansi"}, {"katerpillar", "Caterpillar"}, {"catapiller", "Caterpillar"},
	{"hungry catipiller", "Caterpillar"}, {"ducklins", "Ducklings"}, {"pijin", "Pigeon"}, {"pidgeon", "Pigeon"}, {"pigin bus", "Pigeon"}, {"monstors", "Monsters"},
	{"dragins", "Dragons"}, {"dragens love tacos", "Dragons Love Tacos"}, {"dragons love tocos", "Dragons Love Tacos"}, {"wich", "Witch"}, {"robat", "Robot"}, {"wild robut", "The Wild Robot"},
	{"libary", "Library"}, {"liberry", "Library"}, {"gost", "Ghost"}, {"goast", "Ghost"}, {"skary stories", "Scary Stories"}, {"scarry storys", "Scary Stories"},
	{"rainbo fish", "The Rainbow Fish"}, {"ranbow fish", "The Rainbow Fish"}, {"crayins", "Crayon"}, {"krayon", "Crayon"}, {"lemonchello", "Lemoncello"}, {"frankwiler", "Frankweiler"},
	{"terabithea", "Terabithia"}, {"tarabithia", "Terabithia"}, {"azcaban", "Azkaban"}, {"sorserer", "Sorcerer"}, {"sorcerors stone", "Sorcerer"}, {"einstine", "Einstein"}, {"ann frank", "Anne Frank"},
	{"lincon", "Lincoln"}, {"tellascope", "Telescope"}, {"mikroscope", "Microscope"}, {"ukelele", "Ukulele"}, {"grinch stoll", "Grinch"}, {"lorex", "Lorax"}, {"eggs and hamm", "Green Eggs and Ham"},
	// one word or two
	{"goodnightmoon", "Goodnight Moon"}, {"good night moon", "Goodnight Moon"}, {"wishtrees", "Wishtree"}, {"wish tree", "Wishtree"}, {"owlmoon", "Owl Moon"}, {"water cress", "Watercress"},
	{"rainbowfish", "The Rainbow Fish"}, {"wildrobot", "The Wild Robot"}, {"badguys", "The Bad Guys"},
	// Spanish, by ear
	{"mariposas", "La mariposa"}, {"maripoza", "La mariposa"}, {"abuelita", "Abuela"}, {"avuela", "Abuela"}, {"monstros", "monstruos"}, {"mostruos", "monstruos"}, {"diario de greg", "Diario de Greg"},
	{"esperansa renase", "Esperanza renace"}, {"prinsipito", "El principito"}, {"orugga", "La oruga"}, {"uevos verdes", "Huevos verdes"}, {"raton galletita", "galletita"}, {"cucaracha", "Martina"},
	// said as a child says it
	{"books about sharks", "Sharks"}, {"book about dinosaurs", "Dinosaurs"}, {"i want a book about volcanoes", "Volcano"}, {"libros de dinosaurios", "Dinosaurs"}, {"tiburones", "Sharks"}, {"lobos", "Wolves"},
	{"stories about dragons", "Dragons"}, {"luna", "luna"}, {"castles", "Castle"},
}

func TestChildrensSpelling(t *testing.T) {
	s := openSchool(t)
	var missed []string
	for _, pair := range spellings {
		page := read[found](t, s, "/catalog/search?q="+url.QueryEscape(pair[0]))
		seen := []string{}
		hit := false
		for _, item := range page.Items[:min(len(page.Items), 6)] {
			seen = append(seen, item.Title)
			hit = hit || strings.Contains(strings.ToLower(item.Title), strings.ToLower(pair[1]))
		}
		if !hit {
			missed = append(missed, pair[0]+" → "+page.DidYouMean+": "+strings.Join(seen, " | "))
		}
	}
	t.Logf("%d of %d found", len(spellings)-len(missed), len(spellings))
	if len(missed) > 0 {
		t.Errorf("%s", strings.Join(missed, "\n"))
	}
}
