// Package pages serves the built web apps from the embedded files, on both doors: an ETag from the content, hashed names kept by
// the browser for ever, pages asked for anew each time, and a missing asset is a 404 and never a page.
package pages

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// Policy is the Content-Security-Policy of every page of ours: nothing from elsewhere, nothing inline.
const Policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// wasmPolicy is for an app that brings WebAssembly along, as the reader of the kiosk's camera.
var wasmPolicy = strings.Replace(Policy, "script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", 1)

// serviceWorker is the one file below assets/ whose name says nothing about its content; it answers for the whole app.
const serviceWorker = "assets/sw.js"

type file struct {
	content []byte
	etag    string
	kind    string
	zipped  func() []byte
}

// Handler serves one app.
type Handler struct {
	prefix string
	policy string
	files  map[string]file
}

// New serves the files of fsys below prefix ("/staff/"). A folder that was never built serves the notice in its place.
func New(fsys fs.FS, prefix string, notice []byte) (*Handler, error) {
	h := &Handler{prefix: prefix, policy: Policy, files: map[string]file{}}
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && entry.IsDir() {
			return nil
		}
		if err != nil {
			return err
		}
		content, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		h.files[name] = newFile(name, content)
		if path.Ext(name) == ".wasm" {
			h.policy = wasmPolicy
		}
		return nil
	})
	if _, built := h.files["index.html"]; !built {
		h.files["index.html"] = newFile("index.html", notice)
	}
	return h, err
}

func newFile(name string, content []byte) file {
	sum := sha256.Sum256(content)
	kind := mime.TypeByExtension(path.Ext(name))
	return file{
		content: content, etag: `"` + hex.EncodeToString(sum[:10]) + `"`, kind: kind,
		zipped: sync.OnceValue(func() []byte { return zip(kind, content) }),
	}
}

// zip compresses what shrinks; pictures and fonts already are.
func zip(kind string, content []byte) []byte {
	if len(content) < 1400 || !strings.HasPrefix(kind, "text/") && !strings.Contains(kind, "json") && !strings.Contains(kind, "svg") && !strings.Contains(kind, "wasm") {
		return nil
	}
	var out bytes.Buffer
	writer, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) //nolint:errcheck // the level is valid
	_, _ = writer.Write(content)
	_ = writer.Close()
	return out.Bytes()
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Method Not Allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, h.prefix)
	found, ok := h.files[name]
	if !ok && isPage(name) {
		name, ok = "index.html", true
		found = h.files[name]
	}
	SetHeaders(w.Header())
	w.Header().Set("Content-Security-Policy", h.policy)
	if name == serviceWorker {
		w.Header().Set("Service-Worker-Allowed", h.prefix)
	}
	if !ok {
		http.Error(w, "Not Found", http.StatusNotFound)
		return
	}
	found.serve(w, r, name)
}

// isPage tells a navigation within the app from an asset: a place in the app has no file extension.
func isPage(name string) bool {
	return path.Ext(name) == "" && !strings.HasPrefix(name, "assets/")
}

func (f file) serve(w http.ResponseWriter, r *http.Request, name string) {
	head := w.Header()
	head.Set("ETag", f.etag)
	head.Set("Content-Type", f.kind)
	head.Set("Vary", "Accept-Encoding")
	head.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") && name != serviceWorker {
		head.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	content := f.content
	if zipped := f.zipped(); zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		head.Set("Content-Encoding", "gzip")
		content = zipped
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// SetHeaders sets what every page of ours carries.
func SetHeaders(head http.Header) {
	head.Set("Content-Security-Policy", Policy)
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("X-Frame-Options", "DENY")
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("Cross-Origin-Opener-Policy", "same-origin")
}
