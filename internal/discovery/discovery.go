// Package discovery is the students' catalogue: what anybody in the school may ask of the books without saying who they are. It is read only and
// knows nothing of people; what a title is counts, and whether it stands on the shelf, never who has it.
package discovery

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"time"

	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/labstack/echo/v5/middleware"
	"github.com/pocketbase/pocketbase/core"
)

// The pace of one address. A class behind one address types with many hands, so the burst is generous.
const (
	perSecond = 50
	burst     = 200
)

type catalogue struct {
	app   core.App
	now   func() time.Time
	front front
}

// New is the catalogue as both doors mount it below /catalog/: the answers in JSON, and page for everything else. An address that asks too fast is
// told so with 429.
func New(app core.App, page http.Handler) http.Handler {
	c := &catalogue{app: app, now: time.Now}
	routes := http.NewServeMux()
	limited := limit(middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{Rate: perSecond, Burst: burst, ExpiresIn: time.Minute}))
	for path, answer := range map[string]func(*http.Request) (any, error){
		"/catalog/search":      c.search,
		"/catalog/home":        c.home,
		"/catalog/titles/{id}": c.title,
		"/catalog/lists/{id}":  c.list,
		"/catalog/map":         c.plan,
	} {
		routes.Handle("GET "+path, limited(c.answered(answer)))
	}
	routes.Handle("GET /catalog/covers/{id}", catalog.CoverHandler(app)) // a page of results asks for dozens at once
	routes.Handle("/", page)
	return routes
}

// limit counts by address of the connection; a header's word is not trusted.
func limit(store *middleware.RateLimiterMemoryStore) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			host, _, err := net.SplitHostPort(r.RemoteAddr)
			if err != nil {
				host = r.RemoteAddr
			}
			if allowed, err := store.Allow(host); err != nil || !allowed {
				w.Header().Set("Retry-After", "1")
				write(w, http.StatusTooManyRequests, refusal(http.StatusTooManyRequests, "slow_down", say.T("discovery.slow_down").In(langOf(r))))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func langOf(r *http.Request) say.Lang { return say.LangOf(r.Header.Get("Accept-Language")) }

// answered writes what a question is answered, or why not.
func (c *catalogue) answered(answer func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		found, err := answer(r)
		if err == nil {
			write(w, http.StatusOK, found)
			return
		}
		var f *fault.Error
		errors.As(fault.Wrap("discovery", err), &f)
		if f.Code == fault.Internal {
			c.app.Logger().Error("the students' catalogue failed", "path", r.URL.Path, "error", err)
		}
		status := fault.Status(err)
		write(w, status, refusal(status, string(f.Code), f.Text.In(langOf(r))))
	})
}

func refusal(status int, code, message string) any {
	return map[string]any{"status": status, "message": message, "data": map[string]string{"code": code}}
}

// write keeps what a child looked at out of the memory of a browser that others use after them.
func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) //nolint:errcheck // whoever asked has gone
}
