package kiosk

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/labstack/echo/v5"
	"github.com/pocketbase/dbx"
)

// A session is one child at one kiosk. Sessions live in memory only: a restart ends them, and nothing of the child stays.
type session struct {
	device string
	patron string
	used   time.Time
}

const (
	sessionLife       = 5 * time.Minute // without an act; the page ends it much sooner
	sessionsPerMinute = 20
)

type sessions struct {
	mu    sync.Mutex
	open  map[string]session     // by session id
	tries map[string][]time.Time // of the last minute, by device
}

func newSessions() *sessions {
	return &sessions{open: map[string]session{}, tries: map[string][]time.Time{}}
}

// mayTry counts a scanned card, valid or not, and tells whether the device may go on.
func (s *sessions) mayTry(device string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	recent := s.tries[device][:0]
	for _, at := range s.tries[device] {
		if now.Sub(at) < time.Minute {
			recent = append(recent, at)
		}
	}
	if len(recent) >= sessionsPerMinute {
		s.tries[device] = recent
		return false
	}
	s.tries[device] = append(recent, now)
	return true
}

// begin opens a session; the one before it on the same device ends at once.
func (s *sessions) begin(device, patron string, now time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, old := range s.open {
		if old.device == device || now.Sub(old.used) > sessionLife {
			delete(s.open, id)
		}
	}
	id := rand.Text()
	s.open[id] = session{device, patron, now}
	return id
}

// use finds a live session of the device and keeps it alive.
func (s *sessions) use(device, id string, now time.Time) (patron string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.open[id]
	if !ok || found.device != device || now.Sub(found.used) > sessionLife {
		delete(s.open, id)
		return "", false
	}
	found.used = now
	s.open[id] = found
	return found.patron, true
}

// end ends one session of a device, or all of them when id is empty.
func (s *sessions) end(device, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for open, old := range s.open {
		if old.device == device && (id == "" || id == open) {
			delete(s.open, open)
		}
	}
}

// begin signs a child in by the card in their hand, or by the face they tapped.
func (d *Door) begin(c *echo.Context) error {
	var body struct {
		Card  string `json:"card"`
		Child string `json:"child"`
	}
	if err := read(c, &body); err != nil {
		return err
	}
	device := deviceOf(c)
	if !d.sessions.mayTry(device.ID, d.now()) {
		return echo.NewHTTPError(http.StatusTooManyRequests, "Please wait a moment.")
	}
	d.sessions.end(device.ID, "")
	settings, err := settingsOf(device)
	if err != nil {
		return err
	}
	window, open, err := windowAt(d.app, device, d.now())
	if err != nil {
		return err
	}
	patron, err := d.who(device, settings, window, body.Card, body.Child)
	if err != nil {
		return err
	}
	if patron.Status != collections.PatronActive || open && settings.ClassOnly && patron.Homeroom != window.homeroom.ID {
		return seeLibrarian
	}
	return d.welcome(c, device, patron)
}

// who is the patron of a card or of a tapped face. Too many wrong cards lock the device.
func (d *Door) who(device collections.Kiosk, settings Settings, here window, card, child string) (patron desk.Borrower, err error) {
	if child != "" {
		return d.tapped(settings, here, child)
	}
	if !barcode.IsCard(card) && !settings.OldBarcodes {
		return patron, tryAgain
	}
	patron, err = desk.FindPatron(d.app, card)
	if fault.CodeOf(err) != fault.NotFound {
		return patron, err
	}
	if _, book := desk.FindItem(d.app, card); book == nil {
		return patron, err // a book scanned before the card is no guess
	}
	if locked := d.guessed(device); locked != nil {
		return patron, locked
	}
	return patron, err
}

func (d *Door) tapped(settings Settings, here window, token string) (patron desk.Borrower, err error) {
	if !settings.Kinder || here.homeroom.ID == "" {
		return patron, seeLibrarian
	}
	house, err := site.Open(d.app)
	if err != nil {
		return patron, err
	}
	child, ok, err := d.childOf(token, policy.DayOf(d.now(), house.Calendar.Zone), here.homeroom.ID)
	if err != nil {
		return patron, err
	}
	if !ok {
		return patron, tryAgain
	}
	return desk.PatronByID(d.app, child.ID)
}

// welcome opens the session.
func (d *Door) welcome(c *echo.Context, device collections.Kiosk, patron desk.Borrower) error {
	left, err := desk.Left(d.app, patron)
	if err != nil {
		return err
	}
	answer := map[string]any{"first_name": patron.FirstName, "homeroom": patron.HomeroomName, "left": left}
	id := d.sessions.begin(device.ID, patron.ID, d.now())
	answer["session"] = id
	if patron.Picture != "" {
		answer["picture"] = "/kiosk/picture/" + id
	}
	return c.JSON(http.StatusCreated, answer)
}

// end ends the session named in the body, or whichever is open here when none is: a late goodbye must not end the next child's session.
func (d *Door) end(c *echo.Context) error {
	var body struct {
		Session string `json:"session"`
	}
	_ = json.NewDecoder(c.Request().Body).Decode(&body) //nolint:errcheck // no body names no session
	d.sessions.end(deviceOf(c).ID, body.Session)
	return c.NoContent(http.StatusNoContent)
}

// patronOf is the child of a session, or errEnded.
func (d *Door) patronOf(c *echo.Context, id string) (collections.Patron, error) {
	patronID, ok := d.sessions.use(deviceOf(c).ID, id, d.now())
	if !ok {
		return collections.Patron{}, errEnded
	}
	patron, ok, err := collections.Find[collections.Patron](d.app, "id = {:id}", dbx.Params{"id": patronID})
	if err == nil && !ok {
		err = errEnded
	}
	return patron, err
}

// picture streams the picture of the child who is signed in, and of nobody else.
func (d *Door) picture(c *echo.Context) error {
	patron, err := d.patronOf(c, c.Param("session"))
	if err != nil {
		return err
	}
	if patron.Picture == "" {
		return echo.ErrNotFound
	}
	return d.stream(c, patron)
}

func (d *Door) stream(c *echo.Context, patron collections.Patron) error {
	record, err := d.app.FindRecordById(collections.Patrons, patron.ID)
	if err != nil {
		return err
	}
	files, err := d.app.NewFilesystem()
	if err != nil {
		return err
	}
	defer files.Close() //nolint:errcheck // a local folder
	return files.Serve(c.Response(), c.Request(), record.BaseFilesPath()+"/"+patron.Picture, "picture")
}
