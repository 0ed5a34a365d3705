package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

const (
	crashClients = 20
	crashActs    = 2000
	crashKills   = 10
)

// TestKilledAndStillThere is the promise: 20 clients lend 2,000 items while the process is killed ten times; whatever was
// acknowledged is there exactly once, and a client that asked again after a broken connection did not lend twice.
func TestKilledAndStillThere(t *testing.T) {
	dir := school(t, crashActs)
	s := serve(t, dir)
	token := s.signIn(t)
	var current atomic.Pointer[server]
	current.Store(s)
	acknowledged := make(chan struct{}, crashActs)
	loans := make([]string, crashActs)
	var group sync.WaitGroup
	for client := range crashClients {
		group.Go(func() {
			for i := client; i < crashActs; i += crashClients {
				loans[i] = lendUntilAnswered(t, &current, token, i)
				acknowledged <- struct{}{}
			}
		})
	}
	for range crashKills { // spread over the work: each kill meets acts wherever they are
		for range crashActs / (crashKills + 1) {
			<-acknowledged
		}
		current.Load().kill()
		current.Store(serve(t, dir))
	}
	group.Wait()
	current.Load().kill()

	assertLoans(t, dir, loans)
	if _, status := carrel(t, dir, "rebuild"); status != 0 {
		t.Errorf("state and facts differ: exit status %d", status)
	}
}

// lendUntilAnswered asks with one key until an answer comes, as a door does when the line breaks.
func lendUntilAnswered(t *testing.T, current *atomic.Pointer[server], token string, i int) string {
	body := map[string]string{"patron": patronCode(i), "item": itemCode(i), "key": fmt.Sprintf("crash-key-%06d", i)}
	for {
		status, answer, err := call(http.MethodPost, "http://"+current.Load().staff+"/api/carrel/checkouts", token, body)
		if err != nil {
			continue
		}
		if status != http.StatusCreated {
			t.Errorf("item %d: %d %v", i, status, answer)
			return ""
		}
		loan, _ := answer["loan"].(map[string]any)
		id, _ := loan["id"].(string)
		return id
	}
}

func assertLoans(t *testing.T, dir string, want []string) {
	t.Helper()
	var listed struct {
		Loans []struct{ ID, Item, Patron string } `json:"loans"`
	}
	if err := json.Unmarshal([]byte(must(t, dir, "loans", "list", "--json")), &listed); err != nil {
		t.Fatal(err)
	}
	byItem := map[string]string{}
	for _, loan := range listed.Loans {
		if byItem[loan.Item] != "" {
			t.Errorf("item %s is lent twice", loan.Item)
		}
		byItem[loan.Item] = loan.ID
	}
	for i, id := range want {
		if byItem[itemCode(i)] != id {
			t.Errorf("item %d: acknowledged loan %s, found %q", i, id, byItem[itemCode(i)])
		}
	}
	if len(listed.Loans) != len(want) {
		t.Errorf("%d loans for %d acts", len(listed.Loans), len(want))
	}
}

func itemCode(i int) string   { return fmt.Sprintf("T%06d", i) }
func patronCode(i int) string { return fmt.Sprintf("P%04d", i%200) }

// school makes a folder with a librarian, 200 patrons and the given number of items, by the commands a school would use.
func school(t testing.TB, items int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	must(t, dir, "staff", "upsert", librarianMail, "--role", "librarian", "--password", password)

	var roster strings.Builder
	roster.WriteString("district_id,barcode,last_name,first_name,grade,homeroom,email,type\n")
	for i := range 200 {
		fmt.Fprintf(&roster, "D%04d,%s,Family%d,Child%d,%d,4B,,student\n", i, patronCode(i), i, i, i%6)
	}
	people := filepath.Join(t.TempDir(), "roster.csv")
	write(t, people, roster.String())
	must(t, dir, "import", "patrons", people)

	var records strings.Builder
	for i := range items {
		fmt.Fprintf(&records, `{"leader":"00000nam a2200000 a 4500","fields":[{"001":"rec%06d"},{"245":{"ind1":"0","ind2":"0","subfields":[{"a":"Book number %d"}]}},{"852":{"ind1":" ","ind2":" ","subfields":[{"p":"%s"}]}}]}`+"\n", i, i, itemCode(i))
	}
	books := filepath.Join(t.TempDir(), "books.json")
	write(t, books, records.String())
	must(t, dir, "import", "titles", books)
	return dir
}

func write(t testing.TB, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
