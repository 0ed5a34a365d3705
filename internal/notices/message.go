package notices

import (
	"bytes"
	"fmt"
	"html/template"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"time"
)

// message is one mail ready to be written out.
type message struct {
	id      string // of the notice that names the message: the same notice always has the same Message-ID
	from    mail.Address
	to      string
	subject string
	text    string
	lang    string
	date    time.Time
	// unsubscribe is the code that a courtesy mail is answered with; empty for all others.
	unsubscribe string
}

// page is the mail as HTML: the same words as the plain text.
var page = template.Must(template.New("").Parse(`<!DOCTYPE html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><title>{{.Subject}}</title></head>
<body style="margin:0;padding:24px;font-family:sans-serif;font-size:16px;line-height:1.5;color:#15242b">
<div style="max-width:34em">
{{range .Paragraphs}}<p>{{range $i, $line := .}}{{if $i}}<br>{{end}}{{$line}}{{end}}</p>
{{end}}</div></body></html>
`))

// bytes writes the message as RFC 5322 has it, with the text as plain and as HTML alternative (RFC 2046 5.1.4).
func (m message) bytes() ([]byte, error) {
	boundary := "=_carrel_" + m.id // "=_" never occurs in quoted-printable text
	var out bytes.Buffer
	headers := [][2]string{
		{"From", folded(m.from.String())},
		{"To", (&mail.Address{Address: m.to}).String()},
		{"Subject", folded(mime.QEncoding.Encode("utf-8", m.headline()))},
		{"Date", m.date.Format(time.RFC1123Z)},
		{"Message-ID", m.messageID()},
		{"Auto-Submitted", "auto-generated"}, // RFC 3834: no holiday answers, please
		{"MIME-Version", "1.0"},
		{"Content-Type", `multipart/alternative; boundary="` + boundary + `"`},
	}
	if m.unsubscribe != "" { // RFC 2369 3.2
		headers = append(headers, [2]string{"List-Unsubscribe", "<mailto:" + url.PathEscape(m.from.Address) + "?subject=" + unsubscribeWord + "%20" + m.unsubscribe + ">"})
	}
	for _, header := range headers {
		fmt.Fprintf(&out, "%s: %s\r\n", header[0], header[1])
	}
	out.WriteString("\r\n")
	html, err := m.html()
	if err != nil {
		return nil, err
	}
	parts := multipart.NewWriter(&out)
	if err := parts.SetBoundary(boundary); err != nil {
		return nil, err
	}
	for _, part := range [][2]string{{"text/plain", m.text}, {"text/html", html}} {
		if err := writePart(parts, part[0], part[1]); err != nil {
			return nil, err
		}
	}
	if err := parts.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// headline is the subject as one line of a bearable length.
func (m message) headline() string {
	line := []rune(oneLine(m.subject))
	return string(line[:min(len(line), maxHeadline)])
}

const maxHeadline = 200

// folded breaks a header between its encoded words, where every reader joins it again (RFC 2047 2): a line has at most 998 octets.
func folded(header string) string { return strings.ReplaceAll(header, "?= =?", "?=\r\n =?") }

func (m message) messageID() string {
	_, domain, _ := strings.Cut(m.from.Address, "@")
	return "<notice." + m.id + "@" + domain + ">"
}

func (m message) html() (string, error) {
	var paragraphs [][]string
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(m.text, "\r\n", "\n"), "\n\n") {
		lines := strings.Split(strings.Trim(paragraph, "\n"), "\n")
		if !slices.Equal(lines, []string{""}) {
			paragraphs = append(paragraphs, lines)
		}
	}
	var out strings.Builder
	err := page.Execute(&out, map[string]any{"Lang": m.lang, "Subject": m.headline(), "Paragraphs": paragraphs})
	return out.String(), err
}

func writePart(parts *multipart.Writer, kind, text string) error {
	part, err := parts.CreatePart(textproto.MIMEHeader{
		"Content-Type":              {kind + "; charset=utf-8"},
		"Content-Transfer-Encoding": {"quoted-printable"},
	})
	if err != nil {
		return err
	}
	body := quotedprintable.NewWriter(part)
	if _, err := body.Write([]byte(text)); err != nil {
		return err
	}
	return body.Close()
}
