package lookup

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// maxAnswer bounds what is read of an answer, in bytes. The record of a book has a few thousand.
	maxAnswer = 4 << 20
	// patience is how long one answer may take, from the first packet to the last. A school line is slow; a lookup has time.
	patience = 25 * time.Second
	// longestWait bounds what a source may ask for: a Retry-After of a year is a mistake.
	longestWait = 24 * time.Hour
	maxHops     = 3
)

// Asker asks sources over HTTP. It sends the address with the ISBN and the name of the program, nothing else: no cookies, no referrer.
type Asker struct {
	client *http.Client
	agent  string
	now    func() time.Time
}

// NewAsker makes one; version is Carrel's.
func NewAsker(version string) *Asker {
	transport := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment, // many schools have one
		DialContext:           (&net.Dialer{Timeout: 8 * time.Second}).DialContext,
		TLSHandshakeTimeout:   8 * time.Second,
		ResponseHeaderTimeout: 20 * time.Second,
		MaxIdleConns:          2,
		IdleConnTimeout:       30 * time.Second,
		ForceAttemptHTTP2:     true,
	}
	client := &http.Client{Transport: transport, Timeout: patience, CheckRedirect: stayAtHome}
	return &Asker{client: client, agent: "Carrel/" + version + " (school library; looks up one ISBN)", now: time.Now}
}

var errElsewhere = errors.New("the answer sends elsewhere")

// stayAtHome follows a redirect within the host only, and never from https to http: the page of a portal is elsewhere.
func stayAtHome(req *http.Request, via []*http.Request) error {
	from := via[len(via)-1].URL
	if req.URL.Hostname() != from.Hostname() || from.Scheme == "https" && req.URL.Scheme != "https" || len(via) > maxHops {
		return errElsewhere
	}
	req.Header.Del("Referer")
	return nil
}

// get reads the answer of an address. want is "json" or "xml". The error is a *Trouble.
func (a *Asker) get(ctx context.Context, address, want string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, trouble(Broken, "the address: %w", err)
	}
	req.Header.Set("User-Agent", a.agent)
	req.Header.Set("Accept", "application/"+want+", text/"+want+";q=0.9")
	answer, err := a.client.Do(req)
	if err != nil {
		return nil, &Trouble{Kind: kindOf(err), Err: err}
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	if err := a.refused(answer); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, trouble(Offline, "the answer broke off: %w", err)
	case len(body) > maxAnswer:
		return nil, trouble(Broken, "an answer of more than %d bytes", maxAnswer)
	case !isOfKind(answer.Header.Get("Content-Type"), body, want):
		return nil, trouble(Portal, "%s instead of %s", answer.Header.Get("Content-Type"), want)
	}
	return body, nil
}

// kindOf tells an intercepted line from none. A certificate for another name, or of nobody we know, is a portal's; one that is out of date may as well
// be our own clock, which is as good as no line.
func kindOf(err error) Kind {
	var name x509.HostnameError
	var authority x509.UnknownAuthorityError
	if errors.Is(err, errElsewhere) || errors.As(err, &name) || errors.As(err, &authority) || errors.Is(err, http.ErrSchemeMismatch) {
		return Portal
	}
	return Offline
}

// refused judges the status of an answer.
func (a *Asker) refused(answer *http.Response) error {
	switch status := answer.StatusCode; {
	case status == http.StatusOK:
		return nil
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable, status == http.StatusForbidden:
		return &Trouble{Kind: Limited, Wait: retryAfter(answer.Header.Get("Retry-After"), a.now()), Err: errors.New(answer.Status)}
	case status == http.StatusNetworkAuthenticationRequired, status == http.StatusProxyAuthRequired, status >= 300 && status < 400:
		return trouble(Portal, "%s", answer.Status)
	default:
		return trouble(Broken, "%s", answer.Status)
	}
}

// retryAfter reads both forms of RFC 9110, section 10.2.3: seconds, or a date.
func retryAfter(text string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
		wait = time.Duration(min(max(seconds, 0), int(longestWait/time.Second))) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), longestWait)
}

// isOfKind tells whether an answer is JSON or XML. The header decides where it says something; a page of HTML never is, whatever it calls itself.
func isOfKind(header string, body []byte, want string) bool {
	start := bytes.ToLower(bytes.TrimLeft(body[:min(len(body), 512)], "\ufeff \t\r\n"))
	if bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html")) {
		return false
	}
	media, _, err := mime.ParseMediaType(header)
	if err == nil && media != "text/plain" && media != "application/octet-stream" {
		return !strings.Contains(media, "html") && (strings.Contains(media, want) || want == "json" && strings.HasSuffix(media, "javascript"))
	}
	if want == "json" {
		return bytes.HasPrefix(start, []byte("{")) || bytes.HasPrefix(start, []byte("["))
	}
	return bytes.HasPrefix(start, []byte("<"))
}
