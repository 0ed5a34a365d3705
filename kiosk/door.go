// Package kiosk is the student door: a listener of its own on which nothing of the staff door exists. It knows no rule; it
// calls the desk and says as little as possible.
package kiosk

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"time"

	"carrel/internal/checkdoor"
	"carrel/internal/discovery"
	"carrel/internal/pages"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"
	"github.com/pocketbase/pocketbase/core"
)

// bodyLimit is far more than any act needs; a replay of a month offline fits.
const bodyLimit = 2 << 20

// Door is the student door of one app.
type Door struct {
	app      core.App
	page     *pages.Handler
	books    http.Handler // the students' catalogue
	checks   http.Handler
	sessions *sessions
	guesses  *guesses
	heard    *heard
	now      func() time.Time
}

// New makes the student door; public holds the built web apps.
func New(app core.App, public fs.FS) (*Door, error) {
	notice, err := fs.ReadFile(public, "index.html")
	if err != nil {
		return nil, err
	}
	built, err := fs.Sub(public, "kiosk")
	if err != nil {
		return nil, err
	}
	page, err := pages.New(built, "/", notice)
	if err != nil {
		return nil, err
	}
	if built, err = fs.Sub(public, "catalog"); err != nil {
		return nil, err
	}
	books, err := pages.New(built, "/catalog/", notice)
	if err != nil {
		return nil, err
	}
	if built, err = fs.Sub(public, "check"); err != nil {
		return nil, err
	}
	sheets, err := pages.New(built, "/check/", notice)
	if err != nil {
		return nil, err
	}
	return &Door{app: app, page: page, books: discovery.New(app, books), checks: checkdoor.New(app, sheets), sessions: newSessions(), guesses: &guesses{wrong: map[string][]time.Time{}},
		heard: &heard{minutes: map[string]int64{}}, now: time.Now}, nil
}

// Handler is the whole of the student door.
func (d *Door) Handler() http.Handler {
	e := echo.New()
	e.Logger = d.app.Logger()
	e.HTTPErrorHandler = d.refuse
	e.Use(middleware.Recover(), middleware.RequestID(), middleware.BodyLimit(bodyLimit), headers, d.tell)
	e.GET("/healthz", func(c *echo.Context) error { return c.NoContent(http.StatusOK) })
	e.POST("/kiosk/pair", d.pair, middleware.RateLimiter(pairingLimit()))

	paired := e.Group("/kiosk", d.device)
	paired.GET("/state", d.state)
	paired.POST("/session", d.begin)
	paired.DELETE("/session", d.end)
	paired.GET("/picture/:session", d.picture)
	paired.GET("/face/:face", d.facePicture)
	paired.POST("/checkouts", d.checkOut)
	paired.POST("/returns", d.takeBack)
	paired.POST("/replay", d.replay)

	for _, path := range []string{"/", "/index.html", "/assets/*"} {
		e.Match([]string{http.MethodGet, http.MethodHead}, path, echo.WrapHandler(d.page))
	}
	e.Match([]string{http.MethodGet, http.MethodHead}, "/catalog/*", echo.WrapHandler(d.books))
	e.Any("/check/*", echo.WrapHandler(d.checks))
	e.GET("/check", func(c *echo.Context) error { return c.Redirect(http.StatusPermanentRedirect, "/check/") })
	e.GET("/catalog", func(c *echo.Context) error { return c.Redirect(http.StatusPermanentRedirect, "/catalog/") })
	return e
}

// headers keeps answers about children out of every cache.
func headers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c *echo.Context) error {
		pages.SetHeaders(c.Response().Header())
		c.Response().Header().Set("Cache-Control", "no-store")
		return next(c)
	}
}

// Bind opens the door on addr when the app serves, and closes it when the app ends. A port in use fails the start. With secure the door speaks
// TLS, else plain HTTP.
func (d *Door) Bind(addr string, secure *tls.Config) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	d.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		listener, err := net.Listen("tcp", addr)
		if err != nil {
			return fmt.Errorf("the student door cannot open on %s: %w", addr, err)
		}
		if secure != nil {
			listener = tls.NewListener(listener, secure)
		}
		go func() {
			defer close(done)
			server := echo.StartConfig{Listener: listener, HideBanner: true, HidePort: true, GracefulTimeout: time.Second, BeforeServeFunc: d.prepare}
			if err := server.Start(ctx, d.Handler()); err != nil && !errors.Is(err, http.ErrServerClosed) {
				d.app.Logger().Error("the student door closed", "error", err)
			}
		}()
		return e.Next()
	})
	d.app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		stop()
		return e.Next()
	})
}

func (d *Door) prepare(server *http.Server) error {
	// a device that does not trust the library yet breaks off every handshake: no error of ours
	server.ErrorLog = slog.NewLogLogger(d.app.Logger().Handler(), slog.LevelDebug)
	server.ReadHeaderTimeout = 10 * time.Second
	server.IdleTimeout = 2 * time.Minute
	return nil
}
