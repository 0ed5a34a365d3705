package hooks

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"sync/atomic"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// gate remembers that the first librarian exists, so that the question is asked of the store only until then.
type gate struct {
	open atomic.Bool
	code atomic.Pointer[string]
}

// guard stands before every route: a superuser from elsewhere is refused, and a library without a librarian answers
// nothing but its set-up page.
func (d *Door) guard(e *core.RequestEvent) error {
	if e.HasSuperuserAuth() && !loopback(e) {
		return e.ForbiddenError("This account works on the library's own machine only.", nil)
	}
	if d.isSetUp() || openBeforeSetup(e.Request.URL.Path) {
		return e.Next()
	}
	return e.JSON(http.StatusServiceUnavailable, map[string]any{
		"status": http.StatusServiceUnavailable, "message": "This library is not set up yet.", "data": map[string]any{"code": "setup_needed"},
	})
}

func openBeforeSetup(path string) bool {
	return path == "/" || path == "/staff" || path == "/api/health" || path == "/api/carrel/setup" || strings.HasPrefix(path, "/staff/")
}

func (d *Door) isSetUp() bool {
	if d.gate.open.Load() {
		return true
	}
	var found int
	err := d.app.DB().Select("count(*)").From(collections.Staff).
		Where(dbx.HashExp{"role": string(collections.Librarian)}).Row(&found)
	if err == nil && found > 0 {
		d.gate.open.Store(true)
	}
	return d.gate.open.Load()
}

// loopback asks the connection, never a header: a proxy's word is not trusted.
func loopback(e *core.RequestEvent) bool {
	ip := net.ParseIP(e.RemoteIP())
	return ip != nil && ip.IsLoopback()
}

// errElsewhere is what a sign-in is told that works on this machine only.
var errElsewhere = errors.New("sign-in from elsewhere")

// bindSignIn refuses superusers and the sample school's accounts from any other machine, whichever way they sign in.
func (d *Door) bindSignIn() {
	d.app.OnRecordAuthRequest().BindFunc(func(e *core.RecordAuthRequestEvent) error {
		local := e.Record.IsSuperuser() || e.Record.Collection().Name == collections.Staff && e.Record.GetBool("sample")
		if local && !loopback(e.RequestEvent) {
			return e.ForbiddenError("This account works on the library's own machine only.", errElsewhere)
		}
		return e.Next()
	})
}

// bindFacts refuses to change a fact through any record API; the store itself refuses to delete one.
func (d *Door) bindFacts() {
	d.app.OnRecordUpdate(collections.CircEvents).BindFunc(func(*core.RecordEvent) error {
		return errors.New("a circulation fact is never changed; it is corrected by a later fact")
	})
}
