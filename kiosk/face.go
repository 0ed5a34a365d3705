package kiosk

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/labstack/echo/v5"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// A child who taps a face has no card to send. The kiosk gets a token for each face instead: it names the child for one day, tells nothing, and
// can still be understood when it comes back in the queue of a kiosk that was cut off, also after a restart.

const (
	faceMark   = "face:"
	faceLength = 20
	faceDays   = 31 // as old as a replayed act may be
	secretKey  = "kiosk_faces"
)

// faceSecret is what the tokens are made with; it is drawn once.
func faceSecret(app core.App) ([]byte, error) {
	setting, ok, err := collections.Find[collections.Setting](app, "key = {:key}", dbx.Params{"key": secretKey})
	if err != nil {
		return nil, err
	}
	var secret []byte
	if ok {
		return secret, json.Unmarshal(setting.Value, &secret)
	}
	secret = make([]byte, sha256.Size)
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	value, err := json.Marshal(secret)
	if err != nil {
		return nil, err
	}
	_, err = collections.Insert(app, collections.Setting{Key: secretKey, Value: types.JSONRaw(value)})
	return secret, err
}

func faceToken(secret []byte, day policy.Day, patron string) string {
	mac := hmac.New(sha256.New, secret)
	_, _ = mac.Write([]byte(day.String() + " " + patron))
	return faceMark + strings.ToLower(base32.StdEncoding.EncodeToString(mac.Sum(nil))[:faceLength])
}

// face is a child of a class window as the kiosk shows it.
type face struct {
	Child     string `json:"child"`
	FirstName string `json:"first_name"`
	Picture   string `json:"picture,omitempty"`
}

// faces are the children of a homeroom, by first name.
func (d *Door) faces(homeroom string, today policy.Day) ([]face, error) {
	secret, err := faceSecret(d.app)
	if err != nil {
		return nil, err
	}
	children, err := collections.All[collections.Patron](d.app, "homeroom = {:homeroom} AND status = 'active'", "first_name, last_name, id",
		dbx.Params{"homeroom": homeroom})
	if err != nil {
		return nil, err
	}
	faces := make([]face, 0, len(children))
	for _, child := range children {
		one := face{Child: faceToken(secret, today, child.ID), FirstName: child.FirstName}
		if child.Picture != "" {
			one.Picture = "/kiosk/face/" + strings.TrimPrefix(one.Child, faceMark)
		}
		faces = append(faces, one)
	}
	return faces, nil
}

// childOf finds the child a token named on a day, among the children of some homerooms; of all when none is named.
func (d *Door) childOf(token string, day policy.Day, homeroom string) (patron collections.Patron, ok bool, err error) {
	if !strings.HasPrefix(token, faceMark) {
		return patron, false, nil
	}
	secret, err := faceSecret(d.app)
	if err != nil {
		return patron, false, err
	}
	where := "homeroom != '' AND status = 'active'"
	if homeroom != "" {
		where = "homeroom = {:homeroom} AND status = 'active'"
	}
	children, err := collections.All[collections.Patron](d.app, where, "", dbx.Params{"homeroom": homeroom})
	for _, child := range children {
		if hmac.Equal([]byte(faceToken(secret, day, child.ID)), []byte(token)) {
			return child, true, err
		}
	}
	return patron, false, err
}

// replayedChild finds the child of a queued act by the token of the day of the act, or of the days around it: a kiosk's clock may be wrong.
func (d *Door) replayedChild(token string, at time.Time) (patron collections.Patron, ok bool, err error) {
	house, err := site.Open(d.app)
	if err != nil {
		return patron, false, err
	}
	today := policy.DayOf(d.now(), house.Calendar.Zone)
	first := policy.DayOf(at, house.Calendar.Zone)
	if patron, ok, err = d.childOf(token, first, ""); ok || err != nil {
		return patron, ok, err
	}
	for back := range faceDays {
		if patron, ok, err = d.childOf(token, today.Add(-back), ""); ok || err != nil {
			return patron, ok, err
		}
	}
	return patron, false, nil
}

// picture streams the picture of a child of the class window that is open now.
func (d *Door) facePicture(c *echo.Context) error {
	device := deviceOf(c)
	window, open, err := windowAt(d.app, device, d.now())
	if err != nil || !open {
		return orNotFound(err)
	}
	house, err := site.Open(d.app)
	if err != nil {
		return err
	}
	child, ok, err := d.childOf(faceMark+c.Param("face"), policy.DayOf(d.now(), house.Calendar.Zone), window.homeroom.ID)
	if err != nil || !ok || child.Picture == "" {
		return orNotFound(err)
	}
	return d.stream(c, child)
}

func orNotFound(err error) error {
	if err != nil {
		return err
	}
	return echo.NewHTTPError(http.StatusNotFound, "There is no picture.")
}
