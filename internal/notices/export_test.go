package notices

import (
	"testing"

	"carrel/internal/testkit"

	"github.com/pocketbase/pocketbase/core"
)

// What the tests with a desk need. They are outside of the package, because the desk imports it.

// StartMail starts a mail server and points the mail settings of a library at it.
func StartMail(lib testkit.Library) *mailServer {
	lib.T.Helper()
	server := startServer(lib.T)
	(&school{Library: lib}).mailTo(server)
	return server
}

// Received counts the accepted messages by recipient.
func (s *mailServer) Received() map[string]int { return s.received() }

// Read is the subject and the plain text of the n-th accepted message.
func (s *mailServer) Read(n int) (subject, text string) {
	s.t.Helper()
	message := s.message(n)
	return decoded(s.t, message.Header.Get("Subject")), parts(s.t, message)["text/plain; charset=utf-8"]
}

// StatesOf counts the notices by state.
func StatesOf(t testing.TB, app core.App) map[string]int { t.Helper(); return statesOf(t, app) }

// TextOf reads a PDF.
func TextOf(t testing.TB, pdf []byte) string { t.Helper(); return textOf(t, pdf) }
