package marc

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// kind is what a file turned out to be when it is not MARC.
type kind struct{ code, words string }

// signatures are the first bytes of files that people take for MARC files.
var signatures = []struct {
	start string
	kind  kind
}{
	{"%PDF", kind{"pdf", "a PDF document"}},
	{"PK\x03\x04", kind{"zip", "a zip archive, or a Word or Excel document; unpack or export it first"}},
	{"\x1F\x8B", kind{"gzip", "a compressed file (gzip); unpack it first"}},
	{"Rar!", kind{"rar", "a compressed file (RAR); unpack it first"}},
	{"7z\xBC\xAF", kind{"7z", "a compressed file (7-Zip); unpack it first"}},
	{"\xD0\xCF\x11\xE0", kind{"office", "an old Word or Excel document"}},
	{"{\\rtf", kind{"rtf", "a text document (RTF)"}},
	{"\xFF\xD8\xFF", kind{"image", "a picture (JPEG)"}},
	{"\x89PNG", kind{"image", "a picture (PNG)"}},
	{"GIF8", kind{"image", "a picture (GIF)"}},
	{"SQLite format 3", kind{"sqlite", "a SQLite database"}},
	{"=LDR", kind{"mrk", "MARC written as text (.mrk); compile it to .mrc first"}},
	{"\x7FELF", kind{"program", "a program"}},
	{"MZ", kind{"program", "a program"}},
}

const byteOrderMark = "\xEF\xBB\xBF"

// sniff recognises the format of a file from its first bytes.
func sniff(in *source) (Format, kind) {
	head := in.want(64 << 10)
	if isUTF16(head) {
		return MARCXML, kind{}
	}
	start := bytes.TrimPrefix(head, []byte(byteOrderMark))
	start = bytes.TrimLeft(start, " \t\r\n\x00\x1A")
	if len(start) == 0 {
		return "", kind{"empty", "empty"}
	}
	for _, known := range signatures {
		if bytes.HasPrefix(start, []byte(known.start)) {
			return "", known.kind
		}
	}
	lower := bytes.ToLower(start[:min(len(start), 256)])
	switch {
	case bytes.Contains(lower, []byte("<html")) || bytes.Contains(lower, []byte("<!doctype html")):
		return "", kind{"html", "a web page"}
	case start[0] == '<':
		return MARCXML, kind{}
	case start[0] == '{', start[0] == '[' && startsWithObject(start[1:]):
		return MARCJSON, kind{}
	case looksLikeLeader(start), bytes.IndexByte(start, fieldEnd) >= 0:
		return ISO2709, kind{}
	}
	return "", kindOfText(start)
}

func startsWithObject(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\r\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == ']')
}

// isUTF16 recognises XML in UTF-16 by its byte order mark.
func isUTF16(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xFF\xFE<\x00")) || bytes.HasPrefix(head, []byte("\xFE\xFF\x00<"))
}

func kindOfText(start []byte) kind {
	start = start[:min(len(start), 4096)]
	if bytes.IndexByte(start, 0) >= 0 || !mostlyText(start) {
		return kind{"binary", "some other kind of data"}
	}
	line, _, _ := strings.Cut(string(start), "\n")
	if strings.Count(line, ",") > 1 || strings.Count(line, ";") > 1 || strings.Count(line, "\t") > 1 {
		return kind{"csv", "a table in plain text (CSV)"}
	}
	return kind{"text", "plain text"}
}

func mostlyText(start []byte) bool {
	odd := 0
	for _, r := range string(start) {
		if r == utf8.RuneError || r < 0x20 && r != '\t' && r != '\r' && r != '\n' {
			odd++
		}
	}
	return odd*10 < len(start)
}
