package marc

import (
	"bytes"
	"cmp"
	"slices"
)

// directoryEntry is the length of one entry of the directory: tag, field length, field start.
const directoryEntry = 12

// span is where a field lies in the data of a record, its end mark not included.
type span struct {
	tag      string
	from, to int
}

func (s *isoSplitter) parse(raw []byte, fixes *repairs) (Record, error) {
	body := bytes.TrimSuffix(raw, []byte{recordEnd})
	if len(body) < leaderLength {
		return Record{}, badRecord(BadTruncated, "")
	}
	if s.junk {
		fixes.add(RepairJunk, "")
	}
	ended := raw[len(raw)-1] == recordEnd
	if stated, _ := decimal(raw[:5]); ended && stated != len(raw) {
		fixes.add(RepairLength, "")
	}
	length := bytes.IndexByte(body[leaderLength:], fieldEnd)
	if length < 0 && ended {
		return Record{}, badRecord(BadEmpty, "")
	}
	if length < 0 {
		return Record{}, badRecord(BadTruncated, "")
	}
	base := leaderLength + length + 1
	if stated, _ := decimal(raw[12:17]); stated != base {
		fixes.add(RepairDirectory, "")
		if endsDirectory(body, stated, base) {
			base = stated
		}
	}
	leader, wrong := cleanLeader(string(raw[:leaderLength]))
	if wrong {
		fixes.add(RepairLeader, "")
	}
	text := newTextReader(body, raw[9], fixes)
	spans, ok := directorySpans(body[leaderLength:base-1], body[base:])
	switch {
	case !ok && !ended:
		return Record{}, badRecord(BadTruncated, "")
	case !ok:
		fixes.add(RepairDirectory, "")
		spans = markSpans(body[leaderLength:base-1], body[base:], fixes)
	case !ended:
		fixes.add(RepairEnd, "")
	}
	record := Record{Leader: leader, Fields: make([]Field, 0, len(spans))}
	subfields := make([]Subfield, 0, bytes.Count(body[base:], []byte{subfieldStart})+1)
	for _, at := range spans {
		field := text.field(at, base, &subfields)
		if field.Value != "" || len(field.Subfields) > 0 {
			record.Fields = append(record.Fields, field)
		} else {
			fixes.add(RepairEmpty, at.tag)
		}
	}
	if len(record.Fields) == 0 {
		return Record{}, badRecord(BadEmpty, "")
	}
	return record, nil
}

// endsDirectory tells whether the stated start of the data is right and the mark before it wrong:
// a subfield mark where whole entries end, before the first end mark of a field.
func endsDirectory(body []byte, stated, found int) bool {
	return leaderLength < stated && stated < found && body[stated-1] == subfieldStart &&
		(stated-1-leaderLength)%directoryEntry == 0
}

// directorySpans reads the directory and is false when it does not describe the data: every
// entry must begin behind an end mark and end with one, and all together fit into the data.
func directorySpans(directory, data []byte) ([]span, bool) {
	spans := make([]span, 0, len(directory)/directoryEntry)
	total, tags := 0, string(directory)
	for ; len(directory) >= directoryEntry; directory = directory[directoryEntry:] {
		tag := tags[len(tags)-len(directory):][:3]
		length, start, ok := entry(directory)
		end := start + length
		total += length
		if !ok || length == 0 || end > len(data) || total > len(data) ||
			data[end-1] != fieldEnd || start > 0 && data[start-1] != fieldEnd {
			return nil, false
		}
		spans = append(spans, span{tag, start, end - 1})
	}
	return spans, len(directory) == 0
}

func entry(directory []byte) (length, start int, ok bool) {
	length, okLength := decimal(directory[3:7])
	start, okStart := decimal(directory[7:directoryEntry])
	return length, start, okLength && okStart && validTag(directory[:3])
}

func validTag(tag []byte) bool {
	return len(tag) == 3 && isAlnum(tag[0]) && isAlnum(tag[1]) && isAlnum(tag[2])
}

// markSpans cuts the data at the end marks and gives each piece its tag from the directory.
// Entries whose start is exact are believed. The others (counted in characters, too long by two,
// pointing outside) share out the remaining pieces in order.
func markSpans(directory, data []byte, fixes *repairs) []span {
	pieces := piecesOf(data)
	at := make(map[int]int, len(pieces))
	for i, piece := range pieces {
		at[piece.from] = i
	}
	spans := directoryTags(directory)
	taken := make([]bool, len(pieces))
	var lost []int
	for i := range spans {
		piece, ok := at[spans[i].from]
		if !ok || taken[piece] {
			lost = append(lost, i)
			continue
		}
		taken[piece] = true
		spans[i].to = pieces[piece].to
	}
	if !slices.ContainsFunc(lost, func(i int) bool { return spans[i].from > len(data) }) {
		slices.SortStableFunc(lost, func(a, b int) int { return cmp.Compare(spans[a].from, spans[b].from) })
	}
	for i, piece := range pieces {
		if taken[i] {
			continue
		}
		if len(lost) == 0 {
			fixes.add(RepairTag, "") // a piece without a tag
			break
		}
		spans[lost[0]].from, spans[lost[0]].to = piece.from, piece.to
		lost = lost[1:]
	}
	return slices.DeleteFunc(spans, func(s span) bool {
		bad := s.to < 0 || !validTag([]byte(s.tag))
		if bad {
			fixes.add(RepairTag, "")
		}
		return bad
	})
}

func piecesOf(data []byte) []span {
	var pieces []span
	for from := 0; from < len(data); {
		n := bytes.IndexByte(data[from:], fieldEnd)
		if n < 0 {
			n = len(data) - from
		}
		pieces = append(pieces, span{from: from, to: from + n})
		from += n + 1
	}
	return pieces
}

// directoryTags reads tags and starts from a directory of which some may be wrong; their ends
// are -1. A start that is no number counts as following the one before.
func directoryTags(directory []byte) []span {
	spans := make([]span, 0, len(directory)/directoryEntry)
	last := -1
	for ; len(directory) >= directoryEntry; directory = directory[directoryEntry:] {
		if start, ok := decimal(directory[7:directoryEntry]); ok {
			last = start
		}
		spans = append(spans, span{string(directory[:3]), last, -1})
	}
	return spans
}

// field reads the field at a span of the data, which begins at base. Its subfields go into the
// shared list, so that a record takes one allocation for all of them.
func (t *textReader) field(at span, base int, list *[]Subfield) Field {
	from, to := base+at.from, base+at.to
	raw := t.raw[from:to]
	if isControlTag(at.tag) {
		return Field{Tag: at.tag, Value: t.controlValue(from, to, at.tag)}
	}
	n := bytes.IndexByte(raw, subfieldStart)
	if n < 0 {
		n = len(raw)
	}
	field := Field{Tag: at.tag, Ind1: ' ', Ind2: ' '}
	first := len(*list)
	if loose := field.indicators(raw[:n], t.fixes); loose < n {
		t.looseText(from+loose, from+n, at.tag, list)
	}
	for from += n; from < to; {
		from++
		n := bytes.IndexByte(t.raw[from:to], subfieldStart)
		if n < 0 {
			n = to - from
		}
		t.subfield(from, from+n, at.tag, list)
		from += n
	}
	field.Subfields = (*list)[first:len(*list):len(*list)]
	return field
}

// indicators reads the two indicators from what comes before the first subfield and answers how
// many bytes they take. One that is not a printable character of ASCII becomes a blank.
func (f *Field) indicators(head []byte, fixes *repairs) int {
	if len(head) < 2 || head[0] >= 0x80 || head[1] >= 0x80 {
		fixes.add(RepairIndicator, f.Tag)
		return 0
	}
	f.Ind1, f.Ind2 = head[0], head[1]
	if f.Ind1 < 0x20 || f.Ind2 < 0x20 {
		fixes.add(RepairIndicator, f.Tag)
		f.Ind1, f.Ind2 = max(f.Ind1, ' '), max(f.Ind2, ' ')
	}
	return 2
}

// looseText keeps what stands before the first subfield as $a. A third indicator, as some
// national formats have, is not text.
func (t *textReader) looseText(from, to int, tag string, list *[]Subfield) {
	text := t.slice(from, to, tag)
	if len(text) <= 1 {
		t.fixes.add(RepairIndicator, tag)
		return
	}
	t.fixes.add(RepairSubfieldCode, tag)
	*list = append(*list, Subfield{'a', text})
}

func (t *textReader) subfield(from, to int, tag string, list *[]Subfield) {
	if from == to {
		t.fixes.add(RepairEmpty, tag)
		return
	}
	code := t.raw[from]
	if !validCode(code) {
		t.fixes.add(RepairSubfieldCode, tag)
		*list = append(*list, Subfield{'a', t.slice(from, to, tag)})
		return
	}
	*list = append(*list, Subfield{code, t.slice(from+1, to, tag)})
}

// validCode follows the MARCXML schema: a letter, a digit or a graphic sign other than @ and |.
func validCode(code byte) bool {
	return 0x21 <= code && code <= 0x7E && code != '@' && code != '|'
}

// controlValue reads a control field. Some national formats have subfields there, which MARC 21
// knows no place for: their texts are joined.
func (t *textReader) controlValue(from, to int, tag string) string {
	n := bytes.IndexByte(t.raw[from:to], subfieldStart)
	if n < 0 {
		return t.slice(from, to, tag)
	}
	t.fixes.add(RepairControlField, tag)
	var parts []Subfield
	for at := from + n; at < to; {
		at++
		n := bytes.IndexByte(t.raw[at:to], subfieldStart)
		if n < 0 {
			n = to - at
		}
		t.subfield(at, at+n, tag, &parts)
		at += n
	}
	return joinValues(parts)
}

func joinValues(parts []Subfield) string {
	var text []byte
	for _, part := range parts {
		if len(text) > 0 {
			text = append(text, ' ')
		}
		text = append(text, part.Value...)
	}
	return string(text)
}
