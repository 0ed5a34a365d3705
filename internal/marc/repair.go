package marc

import "fmt"

// Codes of repairs: what the reader or a writer had to change to make a record usable.
const (
	RepairLength       = "length"            // the record length in the leader is wrong
	RepairLeader       = "leader"            // the leader is malformed
	RepairDirectory    = "directory"         // the directory does not describe the fields
	RepairEnd          = "end"               // the record terminator is missing at the end of the file
	RepairJunk         = "junk"              // bytes between records that belong to none
	RepairTag          = "tag"               // a tag was completed, or its field left out because it has none
	RepairIndicator    = "indicator"         // indicators missing, too many or unusable
	RepairSubfieldCode = "subfield_code"     // text without a subfield code, or with an unusable one
	RepairControlField = "control_field"     // a control field with subfields was written as one value
	RepairEmpty        = "empty_field"       // a field or subfield without content was left out
	RepairControlChar  = "control_character" // characters no text may hold were left out
	RepairUTF8         = "charset_utf8"      // the record says MARC-8 and is UTF-8
	RepairMARC8        = "charset_marc8"     // the record says UTF-8 and is MARC-8
	RepairLatin1       = "charset_latin1"    // text is neither, and was read as Windows-1252
	RepairBadBytes     = "charset_bad_bytes" // bytes that mean nothing became U+FFFD
	RepairSyntax       = "syntax"            // the XML of a record is not well-formed, and was read all the same
)

var repairMessages = map[string]string{
	RepairLength:       "the record length is wrong; the record was read to its end mark",
	RepairLeader:       "the leader is malformed and was completed",
	RepairDirectory:    "the directory is wrong; the fields were cut at their end marks",
	RepairEnd:          "the end mark of the last record is missing",
	RepairJunk:         "bytes between two records were left out",
	RepairTag:          "a field has a wrong tag",
	RepairIndicator:    "indicators are missing or wrong",
	RepairSubfieldCode: "text has no usable subfield code and was kept as $a",
	RepairControlField: "a control field has subfields; they were joined",
	RepairEmpty:        "a field or subfield without content was left out",
	RepairControlChar:  "control characters were left out of the text",
	RepairUTF8:         "the record says MARC-8 but is UTF-8, and was read so",
	RepairMARC8:        "the record says UTF-8 but is MARC-8, and was read so",
	RepairLatin1:       "text is in neither UTF-8 nor MARC-8, and was read as Windows-1252",
	RepairBadBytes:     "bytes that mean nothing were replaced by \uFFFD",
	RepairSyntax:       "the XML is not well-formed, and was read all the same",
}

// Repair reports one thing that had to be changed in a record. Record counts from 1; Offset is
// that of the record in the file, in bytes; Tag names the first field concerned, or is "".
type Repair struct {
	Record int
	Offset int64
	Code   string
	Tag    string
}

// IsRepair tells whether a code is that of a repair.
func IsRepair(code string) bool { return repairMessages[code] != "" }

// Message is the repair in a plain English sentence.
func (r Repair) Message() string {
	if r.Tag == "" {
		return repairMessages[r.Code]
	}
	return "field " + r.Tag + ": " + repairMessages[r.Code]
}

// repairs gathers the repairs of one record, each code once for a record.
type repairs []Repair

func (list *repairs) add(code, tag string) {
	for _, repair := range *list {
		if repair.Code == code {
			return
		}
	}
	*list = append(*list, Repair{Code: code, Tag: tag})
}

// Codes of records that could not be read.
const (
	BadTruncated = "truncated" // the file ends in the middle of the record
	BadLeader    = "leader"    // no leader: this is no MARC record
	BadEmpty     = "empty"     // a record without any field
	BadSyntax    = "syntax"    // the XML or JSON is broken
	BadTooLarge  = "too_large" // more than maxRecord bytes without an end
)

var recordReasons = map[string]string{
	BadTruncated: "the file ends in the middle of this record",
	BadLeader:    "this is not a MARC record: it has no leader",
	BadEmpty:     "the record has no fields",
	BadSyntax:    "the record is not well-formed",
	BadTooLarge:  "no end of the record was found",
}

// RecordError is a record that could not be read. Reading goes on with the next. Record counts
// from 1, Offset is where the record begins, in bytes of the file.
type RecordError struct {
	File   string
	Record int
	Offset int64
	Code   string
	Detail string // what the reason quotes, in the words of a parser; may be empty
	Reason string
}

func (e *RecordError) Error() string {
	return fmt.Sprintf("%s: record %d at byte %d: %s", e.File, e.Record, e.Offset, e.Reason)
}

// badRecord makes the error of a record from its code; the reader fills in the place.
func badRecord(code, detail string) *RecordError {
	reason := recordReasons[code]
	if detail != "" {
		reason += ": " + detail
	}
	return &RecordError{Code: code, Detail: detail, Reason: reason}
}

// FormatError is a file that holds nothing MARC. Code is the kind of thing found instead ("pdf",
// "zip", "gzip", "html", "xml", "json", "text", "empty", …) and Found the words for it.
type FormatError struct {
	File  string
	Code  string
	Found string
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("%s holds no MARC records: it is %s", e.File, e.Found)
}
