package kiosk

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"net/http"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/fault"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

const (
	cookieName  = "carrel_kiosk"
	codeLife    = 10 * time.Minute
	codeLength  = 8
	codeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" // nothing that looks like something else
	cookieLife  = 400 * 24 * time.Hour               // as long as browsers keep one
)

// pairingLimit slows down whoever guesses codes: a code lives ten minutes and 32^8 is a long way.
func pairingLimit() *middleware.RateLimiterMemoryStore {
	return middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{Rate: 0.5, Burst: 10, ExpiresIn: 10 * time.Minute})
}

// NewCode makes a place for a kiosk and the one-time code that claims it within ten minutes.
func NewCode(app core.App, now time.Time) (code string, expires time.Time, err error) {
	for range codeLength {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(codeLetters))))
		if err != nil {
			return "", expires, err
		}
		code += string(codeLetters[n.Int64()])
	}
	expires = now.Add(codeLife)
	until, err := types.ParseDateTime(expires)
	if err != nil {
		return "", expires, err
	}
	_, err = collections.Insert(app, collections.Kiosk{State: collections.KioskWaiting, CodeHash: hash(code), CodeExpires: until, Settings: types.JSONRaw("{}")})
	return code, expires, err
}

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Revoke shuts a kiosk out at once. The code is fault.NotFound.
func Revoke(app core.App, id string) error {
	_, err := changeDevice(app, "kiosk.Revoke", id, func(_ core.App, device *collections.Kiosk) error {
		device.State, device.TokenHash, device.CodeHash = collections.KioskRevoked, "", ""
		return nil
	})
	return err
}

type pairBody struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// pair trades a one-time code for the device cookie.
func (d *Door) pair(c *echo.Context) error {
	var body pairBody
	if err := read(c, &body); err != nil {
		return err
	}
	code := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(body.Code))
	token := rand.Text() + rand.Text()
	err := d.app.RunInTransaction(func(app core.App) error {
		device, ok, err := collections.Find[collections.Kiosk](app, "code_hash = {:hash} AND state = 'waiting'", dbx.Params{"hash": hash(code)})
		if err != nil {
			return err
		}
		if !ok || code == "" || device.CodeExpires.Time().Before(d.now()) {
			return fault.New("kiosk.pair", fault.Invalid, "kiosk.wrong_code").Named("wrong_code").At("code")
		}
		device.Name = kioskName(body.Name)
		device.State, device.CodeHash, device.TokenHash = collections.KioskPaired, "", hash(token)
		device.PairedAt, err = types.ParseDateTime(d.now())
		if err != nil {
			return err
		}
		device.LastSeen = device.PairedAt
		return collections.Update(app, device)
	})
	if err != nil {
		return err
	}
	c.SetCookie(&http.Cookie{
		Name: cookieName, Value: token, Path: "/kiosk", MaxAge: int(cookieLife.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: c.Request().TLS != nil,
	})
	return c.JSON(http.StatusCreated, map[string]string{"name": kioskName(body.Name)})
}

func kioskName(name string) string {
	name = strings.TrimSpace(name)
	if name == "" {
		return "Kiosk"
	}
	runes := []rune(name)
	return string(runes[:min(len(runes), 60)])
}

const deviceKey = "device"

// device admits paired kiosks that are not locked, and notes that this one is alive.
func (d *Door) device(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c *echo.Context) error {
		cookie, err := c.Cookie(cookieName)
		if err != nil || cookie.Value == "" {
			return errNotPaired
		}
		device, ok, err := collections.Find[collections.Kiosk](d.app, "token_hash = {:hash} AND state = 'paired'", dbx.Params{"hash": hash(cookie.Value)})
		if err != nil {
			return err
		}
		if !ok {
			return errNotPaired
		}
		if err := d.heartbeat(device); err != nil {
			return err
		}
		if !device.LockedAt.IsZero() {
			return errLocked
		}
		c.Set(deviceKey, device)
		return next(c)
	}
}

var errNotPaired = echo.NewHTTPError(http.StatusUnauthorized, "This kiosk is not paired.")

func deviceOf(c *echo.Context) collections.Kiosk {
	device, _ := c.Get(deviceKey).(collections.Kiosk)
	return device
}
