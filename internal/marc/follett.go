package marc

import "strings"

// Follett Destiny keeps in 852 $x what MARC has no subfield for: "FSC@aRegular@c20230504", where @a is
// the circulation type, @b the category, @c the day acquired, @e the volume and @f the vendor, and
// beside it "FUND:name" and "COPYID:number".
const (
	detailsMark = "FSC@"
	fundMark    = "FUND:"
	copyMark    = "COPYID:"
)

// detail is one part of the composite text.
type detail struct {
	code  byte
	value string
}

// parseDetails cuts the composite text into its parts.
func parseDetails(text string) []detail {
	var parts []detail
	for part := range strings.SplitSeq(strings.TrimPrefix(text, detailsMark), "@") {
		if part != "" {
			parts = append(parts, detail{part[0], strings.TrimSpace(part[1:])})
		}
	}
	return parts
}

func formatDetails(parts []detail) string {
	text := make([]byte, 0, 64)
	text = append(text, "FSC"...)
	for _, part := range parts {
		text = append(append(text, '@', part.code), part.value...)
	}
	return string(text)
}

// readDetails reads a $x and is false when it is a note.
func (f *ItemFacts) readDetails(text string) bool {
	if fund, ok := strings.CutPrefix(text, fundMark); ok {
		f.Funds = append(f.Funds, strings.TrimSpace(fund))
		return true
	}
	if !strings.HasPrefix(text, detailsMark) {
		return strings.HasPrefix(text, copyMark)
	}
	for _, part := range parseDetails(text) {
		switch part.code {
		case 'a':
			f.ItemType = part.value
		case 'b':
			f.Category = part.value
		case 'c':
			f.Acquired = parseDate(part.value)
		case 'e':
			f.Volume = part.value
		case 'f':
			f.Vendor = part.value
		}
	}
	return true
}

// details are the parts of the composite text for these facts. A date without its hyphens.
func (f *ItemFacts) details() []detail {
	return []detail{
		{'a', f.ItemType}, {'b', f.Category}, {'c', strings.ReplaceAll(f.Acquired, "-", "")},
		{'e', f.Volume}, {'f', f.Vendor},
	}
}
