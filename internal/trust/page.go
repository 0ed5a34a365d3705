package trust

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"carrel/internal/say"

	"github.com/skip2/go-qrcode"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS []byte

// pagePolicy allows the page its own style and picture, and no script from anywhere.
const pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const (
	pagePath        = "/trust"
	certificatePath = pagePath + "/carrel.crt"
	codePath        = pagePath + "/qr.png"
	stylePath       = pagePath + "/page.css"
	codePixels      = 320
)

// devices are the kinds of devices whose steps are shown, with how many each takes; the words are trust.<kind>.<step>.
var devices = []struct {
	Kind  string
	Steps int
}{{"chromebook", 4}, {"windows", 3}, {"ipad", 3}, {"android", 3}, {"mac", 3}}

var pageIn = map[say.Lang]*template.Template{say.English: parsePage(say.English), say.Spanish: parsePage(say.Spanish)}

func parsePage(lang say.Lang) *template.Template {
	words := template.FuncMap{
		"say": func(key string, args ...any) string { return say.T("trust."+key, args...).In(lang) },
		"key": func(kind string, step int) string { return kind + "." + string(rune('1'+step)) },
	}
	return template.Must(template.New("page").Funcs(words).Parse(pageHTML))
}

// Page is the plain HTTP port: what a device needs before it can speak TLS with this library, and nothing else. It says nothing of people, and leads to the
// student door only, because the students' network may reach it.
type Page struct {
	authority   *Authority // nil with a certificate from the school's technician
	addresses   func() ([]netip.Addr, error)
	studentPort string
	mux         *http.ServeMux
}

// NewPage makes the port's handler. authority is nil where the school gave a certificate: then there is nothing to install.
func NewPage(authority *Authority, addresses func() ([]netip.Addr, error), studentPort string) *Page {
	p := &Page{authority: authority, addresses: addresses, studentPort: studentPort, mux: http.NewServeMux()}
	p.mux.HandleFunc("GET "+pagePath, p.page)
	p.mux.HandleFunc("GET "+codePath, p.code)
	p.mux.HandleFunc("GET "+stylePath, func(w http.ResponseWriter, r *http.Request) { answer(w, r, "text/css; charset=utf-8", pageCSS) })
	if authority != nil {
		p.mux.HandleFunc("GET "+certificatePath, p.certificate)
	}
	return p
}

func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Content-Security-Policy", pagePolicy)
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("X-Frame-Options", "DENY")
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("Cache-Control", "no-cache")
	p.mux.ServeHTTP(w, r)
}

// certificate is PEM under the type that makes phones and tablets offer to install it.
func (p *Page) certificate(w http.ResponseWriter, r *http.Request) {
	answer(w, r, "application/x-x509-ca-cert", p.authority.Certificate())
}

func (p *Page) page(w http.ResponseWriter, r *http.Request) {
	lang, other := language(r)
	host, _, err := net.SplitHostPort(p.here(r))
	if err != nil {
		host = p.here(r)
	}
	view := map[string]any{
		"Lang": lang, "Other": other, "Here": p.url(r), "Students": "https://" + net.JoinHostPort(host, p.studentPort) + "/", "Devices": devices,
		"Style": stylePath, "Code": codePath, "Certificate": certificatePath,
	}
	if p.authority != nil {
		view["Name"], view["Fingerprint"] = p.authority.Name(), p.authority.Fingerprint()
		view["Expires"] = p.authority.Expires().Format("2006-01-02")
	}
	var page bytes.Buffer
	if err := pageIn[lang].Execute(&page, view); err != nil {
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Vary", "Accept-Language")
	answer(w, r, "text/html; charset=utf-8", page.Bytes())
}

// language is the one asked for by ?lang=, else the browser's, and the other one.
func language(r *http.Request) (lang, other say.Lang) {
	wanted := r.URL.Query().Get("lang")
	if wanted == "" {
		wanted = r.Header.Get("Accept-Language")
	}
	if say.LangOf(wanted) == say.Spanish {
		return say.Spanish, say.English
	}
	return say.English, say.Spanish
}

// code leads another device to this page.
func (p *Page) code(w http.ResponseWriter, r *http.Request) {
	picture, err := qrcode.Encode(p.url(r), qrcode.Medium, codePixels)
	if err != nil {
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
		return
	}
	answer(w, r, "image/png", picture)
}

func (p *Page) url(r *http.Request) string { return "http://" + p.here(r) + pagePath }

// here is where another device finds this page: the host and port by which this one came, which the network evidently carries. Who sits at the machine
// itself came over the loop, and is told an address of the network.
func (p *Page) here(r *http.Request) string {
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		host, port = r.Host, "80"
	}
	address, err := netip.ParseAddr(strings.Trim(host, "[]"))
	if host != "localhost" && (err != nil || !address.IsLoopback()) {
		return r.Host
	}
	if addresses, err := p.addresses(); err == nil {
		if seen := Reachable(addresses); len(seen) > 0 {
			return net.JoinHostPort(seen[0].String(), port)
		}
	}
	return net.JoinHostPort(announced[0], port)
}

// answer sends content that changes rarely.
func answer(w http.ResponseWriter, r *http.Request, kind string, content []byte) {
	sum := sha256.Sum256(content)
	w.Header().Set("Content-Type", kind)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:10])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}
