package frameworks_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"carrel/internal/frameworks"
	"carrel/internal/say"
	"carrel/internal/testkit"
)

// large is a framework of ten thousand statements under a hundred headings, as large as the largest of a state.
func large() string {
	about := []string{"rivers", "planets", "sources and who stands behind them", "poems"}
	items := make([]item, 10_000)
	for i := range items {
		items[i] = item{id: fmt.Sprintf("m%d", i), code: fmt.Sprintf("BIG.ELA.%d.%d", i/100, i%100), grades: "04",
			text: fmt.Sprintf("Statement %d about %s, and how to explain them to somebody who was not there", i, about[i%4])}
		if i%100 > 0 {
			items[i].under = fmt.Sprintf("m%d", i-i%100)
		}
	}
	return file(items...)
}

func BenchmarkTenThousand(b *testing.B) {
	app := testkit.App(b)
	text := large()
	id := take(b, app, text, "large.json", false).Framework.ID
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			tree, err := frameworks.ReadTree(app, id, say.English)
			if err != nil || len(tree.Statements) != 10_000 {
				b.Fatal(err)
			}
			if _, err := json.Marshal(tree); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, search := range []string{"sources explain", "ela 42 17", "explaining poem", "statement"} {
		b.Run("search "+search, func(b *testing.B) {
			for b.Loop() {
				if found, _, err := frameworks.Find(app, frameworks.Search{Text: search, Grade: "4"}, say.English); err != nil || len(found) == 0 {
					b.Fatal(err, found)
				}
			}
		})
	}
	b.Run("look at the same file again", func(b *testing.B) {
		for b.Loop() {
			if _, err := frameworks.Import(app, strings.NewReader(text), "large.json", say.English, true); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// A framework of ten thousand statements comes in, each once, and goes again.
func TestTenThousand(t *testing.T) {
	app := testkit.App(t)
	shown := take(t, app, large(), "large.json", false)
	if shown.Changes.Added != 10_000 {
		t.Fatalf("%+v", shown.Changes)
	}
	found, _, err := frameworks.Find(app, frameworks.Search{Text: "BIG.ELA.42.17"}, say.English)
	if err != nil || len(found) != 1 || found[0].Code != "BIG.ELA.42.17" || len(found[0].Path) != 1 {
		t.Errorf("%+v %v", found, err)
	}
	if err := frameworks.Delete(app, shown.Framework.ID); err != nil {
		t.Error(err)
	}
}

// A file as deep as it is long is as good as any other.
func TestDeep(t *testing.T) {
	app := testkit.App(t)
	items := make([]item, 3_000)
	for i := range items {
		items[i] = item{id: fmt.Sprintf("d%d", i), code: fmt.Sprintf("D%d", i), text: "Deep", under: ""}
		if i > 0 {
			items[i].under = fmt.Sprintf("d%d", i-1)
		}
	}
	take(t, app, file(items...), "deep.json", false)
	found, _, err := frameworks.Find(app, frameworks.Search{Text: "D2999"}, say.English)
	if err != nil || len(found) != 1 || len(found[0].Path) != 12 {
		t.Errorf("%+v %v", found, err)
	}
}
