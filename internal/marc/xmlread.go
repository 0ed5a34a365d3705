package marc

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// xmlSplitter finds the record elements of a file, in whatever they are wrapped (a collection,
// an OAI-PMH or SRU answer, nothing), with whatever prefix or none.
type xmlSplitter struct{ source *source }

// newXMLSplitter takes a file in the encoding its declaration names. Offsets of a file that is
// not in UTF-8 count the bytes of its UTF-8 form.
func newXMLSplitter(in *source) (*xmlSplitter, error) {
	head := in.window()
	if isUTF16(head) {
		utf16 := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
		return &xmlSplitter{in.decoded(utf16.NewDecoder())}, nil
	}
	declaration, ok := nextTag(head, 0)
	if !ok || !bytes.HasPrefix(head[declaration.from:], []byte("<?xml")) {
		return &xmlSplitter{in}, nil
	}
	text := head[declaration.from+len("<?xml") : declaration.to-len("?>")]
	name := (&xmlTag{inside: text}).attribute("encoding")
	if name == "" || strings.EqualFold(name, "utf-8") || strings.EqualFold(name, "utf8") {
		return &xmlSplitter{in}, nil
	}
	encoding, err := htmlindex.Get(name)
	if err != nil {
		return nil, fmt.Errorf("XML in the unknown encoding %q", name)
	}
	return &xmlSplitter{in.decoded(encoding.NewDecoder())}, nil
}

// decoded is the source read through a decoder.
func (s *source) decoded(decoder transform.Transformer) *source {
	rest := io.MultiReader(bytes.NewReader(bytes.Clone(s.window())), s.in)
	if s.err != nil {
		rest = bytes.NewReader(bytes.Clone(s.window()))
	}
	return newSource(transform.NewReader(rest, decoder))
}

func (s *xmlSplitter) next() ([]byte, int64, error) {
	open, filled, scan := -1, false, 0
	for {
		tag, ok := s.tag(scan)
		if !ok {
			return s.rest(open, filled)
		}
		scan = tag.to
		switch {
		case tag.name == "record" && !tag.closing && open >= 0 && filled:
			offset := s.source.offset + int64(open)
			s.source.drop(tag.from)
			return nil, offset, badRecord(BadSyntax, "it is not closed before the next begins")
		case tag.name == "record" && !tag.closing:
			// An OAI-PMH answer wraps the record in a record of its own: the inner one counts.
			s.source.drop(tag.from)
			open, filled, scan = 0, false, tag.to-tag.from
			if !tag.empty {
				continue
			}
			fallthrough
		case tag.name == "record" && open >= 0:
			raw, offset := s.source.window()[open:scan], s.source.offset+int64(open)
			s.source.drop(scan)
			if filled {
				return raw, offset, nil
			}
			if bytes.Count(raw, []byte("<")) <= 2 {
				return nil, offset, badRecord(BadEmpty, "")
			}
			open, scan = -1, 0 // a record of something else
		case tag.name == "leader" || tag.name == "controlfield" || tag.name == "datafield":
			filled = open >= 0
		}
		if open < 0 {
			s.source.drop(scan)
			scan = 0
		}
	}
}

// tag is the next tag of the window at or behind scan; the window grows as needed. What looks
// like the start of a tag and never ends is passed over.
func (s *xmlSplitter) tag(scan int) (xmlTag, bool) {
	for {
		tag, ok := nextTag(s.source.window(), scan)
		if ok {
			return tag, true
		}
		scan = tag.from
		if s.source.grow() {
			continue
		}
		if scan >= len(s.source.window()) {
			return tag, false
		}
		scan++
	}
}

// rest answers for what is left when no more tags come.
func (s *xmlSplitter) rest(open int, filled bool) ([]byte, int64, error) {
	offset := s.source.offset + int64(max(open, 0))
	full := len(s.source.window()) > maxRecord
	s.source.drop(len(s.source.window()))
	switch {
	case s.source.failed() != nil:
		return nil, offset, s.source.failed()
	case full && open >= 0:
		return nil, offset, badRecord(BadTooLarge, "")
	case full:
		return s.next()
	case open >= 0 && filled:
		return nil, offset, badRecord(BadTruncated, "")
	}
	return nil, offset, io.EOF
}

// xmlParser builds a record from the tags of one record element.
type xmlParser struct {
	record  Record
	leader  string
	inside  string // name of the element whose text counts, or ""
	tag     string
	code    string
	text    string
	fixes   *repairs
	inField bool
}

func (s *xmlSplitter) parse(raw []byte, fixes *repairs) (Record, error) {
	if !utf8.Valid(raw) {
		raw = validXML(raw, fixes)
	}
	p := xmlParser{fixes: fixes}
	p.record.Fields = make([]Field, 0, bytes.Count(raw, []byte("field>"))/3+8)
	for at := 0; at < len(raw); {
		tag, ok := nextTag(raw, at)
		if p.inside != "" {
			p.text += textOf(raw[at:tag.from])
		}
		if !ok {
			if tag.from < len(raw) {
				fixes.add(RepairSyntax, p.tag)
			}
			at = tag.from + 1
			continue
		}
		at = tag.to
		switch {
		case tag.name == "" && p.inside != "" && bytes.HasPrefix(raw[tag.from:], []byte("<![")):
			p.text += textOf(raw[tag.from:tag.to])
		case tag.name == "":
		case tag.closing:
			p.close(tag.name)
		default:
			p.open(&tag)
		}
	}
	return p.finish()
}

// validXML makes bytes UTF-8 that are not: Windows-1252 when none of them are, else with U+FFFD.
func validXML(raw []byte, fixes *repairs) []byte {
	if hasMultibyte(raw) {
		fixes.add(RepairBadBytes, "")
		return bytes.ToValidUTF8(raw, []byte("\uFFFD"))
	}
	fixes.add(RepairLatin1, "")
	text, _ := charmap.Windows1252.NewDecoder().Bytes(raw)
	return text
}

func (p *xmlParser) open(tag *xmlTag) {
	if p.inside != "" {
		p.fixes.add(RepairSyntax, p.tag)
		p.close(p.inside)
	}
	switch tag.name {
	case "leader", "controlfield":
		p.inside, p.text = tag.name, ""
		p.tag = tag.attribute("tag")
	case "datafield":
		p.inField = true
		p.tag = tag.attribute("tag")
		p.record.Fields = append(p.record.Fields, Field{
			Tag:  p.tag,
			Ind1: indicatorOf(tag.attribute("ind1"), p.tag, p.fixes),
			Ind2: indicatorOf(tag.attribute("ind2"), p.tag, p.fixes),
		})
	case "subfield":
		p.inside, p.text = tag.name, ""
		p.code = tag.attribute("code")
	}
	if tag.empty {
		p.close(tag.name)
	}
}

func (p *xmlParser) close(name string) {
	if p.inside != "" && p.inside != name {
		p.fixes.add(RepairSyntax, p.tag)
		p.close(p.inside)
	}
	switch {
	case name == "datafield":
		p.inField = false
	case p.inside != name:
		return
	case name == "leader":
		p.leader = p.text
	case name == "controlfield":
		p.record.Fields = append(p.record.Fields, Field{Tag: p.tag, Value: cleanText(p.text, p.tag, p.fixes)})
	case name == "subfield":
		p.subfield()
	}
	p.inside = ""
}

func (p *xmlParser) subfield() {
	if !p.inField {
		p.fixes.add(RepairSyntax, p.tag)
		return
	}
	field := &p.record.Fields[len(p.record.Fields)-1]
	field.Subfields = append(field.Subfields, Subfield{codeOf(p.code, p.tag, p.fixes), cleanText(p.text, p.tag, p.fixes)})
}

func (p *xmlParser) finish() (Record, error) {
	return finishRecord(p.leader, p.record.Fields, p.fixes)
}
