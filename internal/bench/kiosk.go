package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"sync"
	"time"
)

// What a child and a librarian wait for.
const (
	kiosks     = 4
	scanMS     = 100 // from scan to answer
	replayed   = 500 // acts that a kiosk kept while the server was away
	replayedAt = 200 // of them in one request, as the page sends them
	replayMS   = 5000
)

// station is one paired kiosk.
type station struct {
	server *server
	client *http.Client
}

// scans measures the time from scan to answer with several kiosks at once, and the replay of a kiosk that was cut off.
func (b *bench) scans() error {
	dir, err := b.library("kiosk")
	if err != nil {
		return err
	}
	s, err := b.atDesk(dir)
	if err != nil {
		return err
	}
	defer s.stop()
	acts := min(replayed, b.sizes.acts)
	each := (len(b.barcodes) - acts) / kiosks
	each = min(each, b.sizes.acts)
	var (
		all     latencies
		mu      sync.Mutex
		working sync.WaitGroup
		failed  error
	)
	for i := range kiosks {
		station, err := s.pair(fmt.Sprintf("Kiosk %d", i))
		if err != nil {
			return err
		}
		working.Go(func() {
			took, err := station.lendAll(patronCode(i), b.barcodes[i*each:(i+1)*each])
			mu.Lock()
			defer mu.Unlock()
			if all = append(all, took...); err != nil {
				failed = err
			}
		})
	}
	working.Wait()
	if failed != nil {
		return failed
	}
	b.report.add(Figure{Name: fmt.Sprintf("scan to answer, %d kiosks, p95", kiosks), Value: all.ms(95), Unit: "ms"}, atMost(scanMS))
	return b.replays(s, b.barcodes[kiosks*each:kiosks*each+acts])
}

// replays measures the queue of a kiosk that comes back.
func (b *bench) replays(s *server, items []string) error {
	station, err := s.pair("Cut off")
	if err != nil {
		return err
	}
	var took time.Duration
	for from := 0; from < len(items); from += replayedAt {
		piece := items[from:min(from+replayedAt, len(items))]
		one, err := station.replay(patronCode(kiosks), piece)
		if err != nil {
			return err
		}
		took += one
	}
	b.report.add(Figure{Name: fmt.Sprintf("replay of %d acts", len(items)), Value: took.Seconds() * 1000, Unit: "ms"}, atMost(replayMS))
	return b.ctx.Err()
}

// pair makes a kiosk that takes the barcodes of student cards.
func (s *server) pair(name string) (*station, error) {
	var code struct{ Code string }
	if _, err := s.ask(http.MethodPost, "/api/carrel/kiosks", map[string]string{}, &code, http.StatusCreated); err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	station := &station{s, &http.Client{Jar: jar, Timeout: time.Minute}}
	if _, err := station.ask("/kiosk/pair", map[string]string{"code": code.Code, "name": name}, nil, http.StatusCreated); err != nil {
		return nil, err
	}
	var listed struct {
		Kiosks []struct{ ID, Name, State string }
	}
	if _, err := s.ask(http.MethodGet, "/api/carrel/kiosks", nil, &listed, http.StatusOK); err != nil {
		return nil, err
	}
	for _, kiosk := range listed.Kiosks {
		if kiosk.Name != name {
			continue
		}
		_, err := s.ask(http.MethodPatch, "/api/carrel/kiosks/"+kiosk.ID, map[string]any{"settings": map[string]bool{"old_barcodes": true}}, nil, http.StatusOK)
		return station, err
	}
	return nil, fmt.Errorf("the kiosk %s is not in the list", name)
}

// lendAll signs a child in and lends one item after the other.
func (s *station) lendAll(card string, items []string) (took latencies, err error) {
	var child struct{ Session string }
	if _, err := s.ask("/kiosk/session", map[string]string{"card": card}, &child, http.StatusCreated); err != nil {
		return nil, err
	}
	for _, item := range items {
		act := map[string]any{"session": child.Session, "item": item, "key": randomID(), "at": time.Now()}
		one, err := s.ask("/kiosk/checkouts", act, nil, http.StatusCreated)
		if err != nil {
			return took, err
		}
		took = append(took, one)
	}
	return took, nil
}

func (s *station) replay(card string, items []string) (time.Duration, error) {
	type act struct {
		Key  string    `json:"key"`
		At   time.Time `json:"at"`
		Kind string    `json:"kind"`
		Card string    `json:"card"`
		Item string    `json:"item"`
	}
	acts := make([]act, 0, len(items))
	for _, item := range items {
		acts = append(acts, act{randomID(), time.Now().Add(-time.Hour), "check_out", card, item})
	}
	var answer struct {
		Results []struct{ Key, Outcome string }
	}
	took, err := s.ask("/kiosk/replay", map[string]any{"acts": acts}, &answer, http.StatusOK)
	if err == nil && len(answer.Results) != len(items) {
		err = fmt.Errorf("%d of %d acts were answered", len(answer.Results), len(items))
	}
	return took, err
}

// ask posts to the student door and reads the whole answer.
func (s *station) ask(path string, body, answer any, want int) (time.Duration, error) {
	sent, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	response, err := s.client.Post("http://"+s.server.students+path, "application/json", bytes.NewReader(sent))
	if err != nil {
		return 0, err
	}
	defer response.Body.Close() //nolint:errcheck // read to its end
	data, err := io.ReadAll(response.Body)
	took := time.Since(began)
	if err != nil {
		return took, err
	}
	if response.StatusCode != want {
		return took, fmt.Errorf("%s: %d %s", path, response.StatusCode, data)
	}
	if answer == nil {
		return took, nil
	}
	return took, json.Unmarshal(data, answer)
}
