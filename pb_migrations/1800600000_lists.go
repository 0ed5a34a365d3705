package pb_migrations

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Lists of titles: collections, displays, and the topics of the students' first page.
func init() {
	m.Register(func(app core.App) error {
		for _, step := range []func(core.App) error{createLists, seedTopics} {
			if err := step(app); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}

func createLists(app core.App) error {
	err := base(app, "title_lists", []string{"CREATE INDEX idx_title_lists_position ON title_lists (position)"},
		needed("name", 120), text("name_es", 120), text("note", 500), text("note_es", 500),
		choice("kind", "collection", "display", "topic"), text("icon", 40),
		yes("shown"), date("shown_from"), date("shown_until"), number("position"),
		text("search", 2000), // the query of a list that fills itself; empty for one that was chosen
		created(), updated())
	if err != nil {
		return err
	}
	list, err := to(app, "list", "title_lists")
	if err != nil {
		return err
	}
	title, err := to(app, "title", "titles")
	if err != nil {
		return err
	}
	list.Required, list.CascadeDelete = true, true // an entry is nothing without its list, nor without its title
	title.Required, title.CascadeDelete = true, true
	return base(app, "title_list_entries", []string{
		"CREATE UNIQUE INDEX idx_title_list_entries ON title_list_entries (list, title)",
		"CREATE INDEX idx_title_list_entries_order ON title_list_entries (list, position)",
		"CREATE INDEX idx_title_list_entries_title ON title_list_entries (title)",
	}, list, title, number("position"), created())
}

// seedTopics gives the students' first page something to choose from. Each fills itself, and one in which there is nothing is not shown.
func seedTopics(app core.App) error {
	for i, topic := range []struct{ id, name, spanish, icon, search string }{
		{"topicnewbooks00", "New books", "Libros nuevos", "star", "added=year&sort=newest"},
		{"topicfunny00000", "Funny", "Para reír", "book", "q=humor"},
		{"topicspace00000", "Space", "El espacio", "spark", "q=astronomy"},
		{"topicanimals000", "Animals", "Animales", "heart", "q=animals"},
		{"topicgraphic000", "Graphic novels", "Novelas gráficas", "grid", "kind=graphic"},
		{"topicspanish000", "En español", "En español", "globe", "language=spa"},
		{"topicpicture000", "Picture books", "Libros ilustrados", "eye", "kind=picture"},
	} {
		_, err := app.DB().NewQuery(`INSERT INTO title_lists (id, name, name_es, note, note_es, kind, icon, shown, shown_from, shown_until, position, search, created, updated)
			VALUES ({:id}, {:name}, {:spanish}, '', '', 'topic', {:icon}, TRUE, '', '', {:position}, {:search},
				strftime('%Y-%m-%d %H:%M:%fZ'), strftime('%Y-%m-%d %H:%M:%fZ'))`).
			Bind(dbx.Params{"id": topic.id, "name": topic.name, "spanish": topic.spanish, "icon": topic.icon, "position": i + 1, "search": topic.search}).Execute()
		if err != nil {
			return err
		}
	}
	return nil
}
