package bench

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"time"

	"carrel/internal/marc"
	"carrel/internal/store"
)

// searchPace keeps below the door's limit of 50 searches a second and address.
const searchPace = 25 * time.Millisecond

// searches measures searches of three words, the last one unfinished, in the large catalogue, and the first page while somebody types. The floor is the
// index alone: the same words matched and ranked by SQLite for twenty rows, on a connection of its own, each search in turn with the door.
func (b *bench) searches() error {
	dir, err := b.largeSchool()
	if err != nil {
		return err
	}
	s, err := b.serve(dir)
	if err != nil {
		return err
	}
	defer s.stop()
	bare, err := openBareIndex(dir)
	if err != nil {
		return err
	}
	defer bare.close()
	random := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // the same searches each time
	if err := b.threeWords(s, bare, random); err != nil {
		return err
	}
	return b.typing(s, random)
}

// warm is how many searches go before the measured ones.
const warm = 10

func (b *bench) threeWords(s *server, bare *bareIndex, random *rand.Rand) error {
	pace := time.NewTicker(searchPace)
	defer pace.Stop()
	var through, floor latencies
	for i := range warm + b.sizes.searches {
		words := b.words(random)
		<-pace.C
		found, took, err := s.search(strings.Join(words, " "))
		if err != nil {
			return err
		}
		if found == 0 {
			return fmt.Errorf("nothing found for %q, which stands in a title", words)
		}
		alone, err := bare.search(words)
		if err != nil {
			return err
		}
		if i >= warm {
			through, floor = append(through, took), append(floor, alone)
		}
	}
	for _, percent := range []float64{50, 95} {
		f := Figure{
			Name: fmt.Sprintf("search of three words, p%g", percent), Value: through.ms(percent), Unit: "ms", Floor: floor.ms(percent), Against: "bare index query",
		}
		if percent == 95 {
			b.report.add(f, ratioAtMost(3))
			continue
		}
		b.report.add(f, nil)
	}
	return b.ctx.Err()
}

// typingMS is how long the first page may take while somebody types.
const typingMS = 30

// twoFacets narrows a search as the staff app does; every answer has all facets counted.
const twoFacets = "&available=true&kind=fiction&kind=nonfiction"

// typing measures the first letters of titles, as many as a search field sends while they are typed, with and without a narrower search.
func (b *bench) typing(s *server, random *rand.Rand) error {
	pace := time.NewTicker(searchPace)
	defer pace.Stop()
	var all latencies
	for letters := 1; letters <= 4; letters++ {
		var took, narrowed latencies
		for range b.sizes.prefixes {
			text := b.title(random)
			<-pace.C
			_, one, err := s.search(text[:min(letters, len(text))])
			if err != nil {
				return err
			}
			took = append(took, one)
			<-pace.C
			if _, one, err = s.search(text[:min(letters, len(text))], twoFacets); err != nil {
				return err
			}
			narrowed = append(narrowed, one)
		}
		all = append(all, took...)
		b.report.add(Figure{Name: fmt.Sprintf("first page after %d typed, p95", letters), Value: took.ms(95), Unit: "ms"}, atMost(typingMS))
		b.report.add(Figure{Name: fmt.Sprintf("narrowed by two facets after %d typed, p95", letters), Value: narrowed.ms(95), Unit: "ms"}, nil)
	}
	b.report.add(Figure{Name: "first page while typing, slowest", Value: all.ms(100), Unit: "ms"}, nil)
	return b.ctx.Err()
}

// record draws one of the records that stand in the large catalogue.
func (b *bench) record(random *rand.Rand) marc.Record {
	return b.samples[random.IntN(min(len(b.samples), b.sizes.titles))]
}

// title draws a title as people type it.
func (b *bench) title(random *rand.Rand) string {
	for {
		words := plainWords(b.record(random), "245")
		if len(words) > 0 {
			return strings.Join(words, " ")
		}
	}
}

// words draws three words of one title and its author; the last one is cut.
func (b *bench) words(random *rand.Rand) []string {
	for {
		words := plainWords(b.record(random), "245", "100")
		if len(words) < 3 {
			continue
		}
		random.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
		last := words[2]
		return []string{words[0], words[1], last[:min(len(last), 1+random.IntN(4))]}
	}
}

// plainWords are the different words of some fields that have nothing to fold or to join: they are matched as they are.
func plainWords(record marc.Record, tags ...string) (words []string) {
	seen := map[string]bool{}
	for _, field := range record.Fields {
		for _, tag := range tags {
			if field.Tag != tag {
				continue
			}
			for _, word := range strings.Fields(strings.ToLower(field.First('a'))) {
				word = strings.Trim(word, ",.:;/?")
				if word != "" && !seen[word] && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == "" {
					seen[word] = true
					words = append(words, word)
				}
			}
		}
	}
	return words
}

// bareIndex asks the index of the served folder on a connection of its own.
type bareIndex struct {
	db    *sql.DB
	query *sql.Stmt
}

func openBareIndex(dir string) (*bareIndex, error) {
	connection, err := store.Connect(filepath.Join(dir, "data.db"))
	if err != nil {
		return nil, err
	}
	bare := &bareIndex{db: connection.DB()}
	bare.db.SetMaxOpenConns(1)
	bare.query, err = bare.db.Prepare("SELECT rowid FROM search_fts WHERE search_fts MATCH ? ORDER BY rank LIMIT 20")
	if err != nil {
		bare.close()
	}
	return bare, err
}

func (i *bareIndex) close() { _ = i.db.Close() }

// search matches the words as the catalogue does: all of them, the last one as a word and as the beginning of one.
func (i *bareIndex) search(words []string) (time.Duration, error) {
	match := fmt.Sprintf(`"%s" AND "%s" AND ("%s" OR "%s" *)`, words[0], words[1], words[2], words[2])
	began := time.Now()
	rows, err := i.query.Query(match)
	if err != nil {
		return 0, err
	}
	defer rows.Close() //nolint:errcheck // read to its end
	found := 0
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return 0, err
		}
		found++
	}
	took := time.Since(began)
	if found == 0 {
		return took, fmt.Errorf("the bare index finds nothing for %s", match)
	}
	return took, rows.Err()
}
