package hooks_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"carrel/collections"
)

func TestAuditRoute(t *testing.T) {
	h := withStaff(t)
	h.Patron("P100")
	h.Patron("P200")
	h.get("patrons/P100", collections.Aide)
	h.get("patrons/P200", collections.Librarian)
	h.do("recovery", nil)
	got := h.get("audit", collections.Librarian)
	items := got.rows("items")
	if got.body["totalItems"] != 3.0 || got.body["perPage"] != 50.0 || items[0]["action"] != "recovery_made" || items[0]["patron"] != nil {
		t.Fatalf("%s", got.raw)
	}
	by, _ := items[2]["staff"].(map[string]any)
	of, _ := items[2]["patron"].(map[string]any)
	if by["name"] != "aide@example.org" || of["barcode"] != "P100" || of["name"] != "Diego Ramírez" {
		t.Errorf("%v", items[2])
	}
	for path, want := range map[string]string{
		"audit?patron=P200": "patron_viewed", "audit?action=recovery_made": "recovery_made", "audit?staff=" + fmt.Sprint(by["id"]): "patron_viewed",
		"audit?page=3&perPage=1": "patron_viewed",
	} {
		if got := h.get(path, collections.Librarian); len(got.rows("items")) != 1 || got.rows("items")[0]["action"] != want {
			t.Errorf("%s: %s", path, got.raw)
		}
	}
	if got := h.head(http.MethodGet, "audit?patron=P900", nil); got.status != http.StatusNotFound || got.code() != "unknown_patron" {
		t.Errorf("an unknown patron: %d %s", got.status, got.raw)
	}
}

// The quick checks come by themselves, all of them when they are asked for, in the language of who asks.
func TestDoctorRoute(t *testing.T) {
	h := withStaff(t)
	names := func(got answer) string {
		var names []string
		for _, check := range got.rows("checks") {
			if message, _ := check["message"].(string); !strings.HasSuffix(message, ".") || check["state"] == "" {
				t.Errorf("%v", check)
			}
			names = append(names, fmt.Sprint(check["name"]))
		}
		return strings.Join(names, " ")
	}
	quick := h.get("doctor", collections.Librarian)
	if got := names(quick); got != "clock disk jobs rules calendar" || quick.body["ok"] != true {
		t.Errorf("%s", quick.raw)
	}
	if got := names(h.get("doctor?all=1", collections.Librarian)); got != "store facts clock disk jobs rules calendar" {
		t.Error(got)
	}
	h.ask(http.MethodPatch, "/api/carrel/me", h.tokens[collections.Librarian], map[string]any{"language": "es"})
	if spanish := h.get("doctor", collections.Librarian); spanish.raw == quick.raw {
		t.Errorf("%s", spanish.raw)
	}
}

// The password of the mail server goes in and never comes out.
func TestMailSettings(t *testing.T) {
	h := withStaff(t)
	got := h.put("settings/mail", map[string]any{
		"enabled": true, "host": "mail.example.org", "port": 587, "username": "library", "password": "hunter two", "sender_address": "library@example.org", "has_password": false,
	})
	if got.body["has_password"] != true || got.body["tls"] != "starttls" || got.body["sender_name"] != "" || strings.Contains(got.raw, "hunter") {
		t.Errorf("%s", got.raw)
	}
	h.put("settings/mail", map[string]any{"tls": "none"})
	got = h.get("settings/mail", collections.Librarian)
	if got.body["tls"] != "none" || got.body["host"] != "mail.example.org" || got.body["has_password"] != true || strings.Contains(got.raw, "hunter") {
		t.Errorf("%s", got.raw)
	}
	for field, value := range map[string]any{"host": "a b", "port": 0, "tls": "ssl", "sender_address": "x", "username": "a\nb", "sender_name": strings.Repeat("x", 300)} {
		if got := h.head(http.MethodPut, "settings/mail", map[string]any{field: value}); got.status != http.StatusBadRequest || got.field() != field {
			t.Errorf("%s: %d %s", field, got.status, got.raw)
		}
	}
	if got := h.head(http.MethodPut, "settings/mail", map[string]any{"host": "mail.example.net"}); got.status != http.StatusBadRequest || got.field() != "password" {
		t.Errorf("the password for another server: %d %s", got.status, got.raw)
	}
	if got := h.head(http.MethodPut, "settings/mail", map[string]any{"port": "587"}); got.status != http.StatusBadRequest || got.field() != "port" {
		t.Errorf("a port in words: %d %s", got.status, got.raw)
	}
	if log := fmt.Sprint(h.get("audit?action=mail_changed", collections.Librarian).raw); strings.Contains(log, "hunter") || !strings.Contains(log, `"totalItems":2`) {
		t.Error(log)
	}
}
