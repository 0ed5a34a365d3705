package marc

import "strings"

// MatchKeys are the keys by which two records are the same title, the surest first: control
// number with its source (alone when the record names no source), Library of Congress number, and
// each valid ISBN together with the title, because one ISBN may cover a set of volumes and publishers
// reuse them. Records match when they share a key.
func MatchKeys(f Facts) []string {
	var keys []string
	if f.ControlNumber != "" {
		keys = append(keys, "control:"+f.ControlSource+":"+f.ControlNumber)
	}
	if f.LCCN != "" {
		keys = append(keys, "lccn:"+f.LCCN)
	}
	if f.TitleKey == "" {
		return keys
	}
	for _, number := range f.ISBNs {
		keys = append(keys, "isbn:"+number+":"+f.TitleKey)
	}
	return keys
}

// normalLCCN follows the Library of Congress: no blanks, nothing behind a slash, and the serial
// behind a hyphen filled up to six digits. What is then no control number is dropped.
func normalLCCN(text string) string {
	text = strings.ReplaceAll(text, " ", "")
	text, _, _ = strings.Cut(text, "/")
	if year, serial, ok := strings.Cut(text, "-"); ok && len(serial) <= 6 {
		text = year + strings.Repeat("0", 6-len(serial)) + serial
	}
	digits := strings.TrimLeft(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz")
	if _, ok := decimal([]byte(digits)); !ok || len(digits) < 8 || len(digits) > 10 {
		return ""
	}
	return strings.ToLower(text)
}

// normalISSN is NNNN-NNNC (ISO 3297), or "" when the text does not begin with one.
func normalISSN(text string) string {
	text = strings.ToUpper(strings.TrimSpace(text))
	text = strings.Replace(text, "-", "", 1)
	if len(text) < 8 {
		return ""
	}
	text = text[:8]
	sum := 0
	for i := range 7 {
		if !isDigit(text[i]) {
			return ""
		}
		sum += (8 - i) * int(text[i]-'0')
	}
	check := byte("0123456789X"[(11-sum%11)%11])
	if text[7] != check {
		return ""
	}
	return text[:4] + "-" + text[4:]
}
