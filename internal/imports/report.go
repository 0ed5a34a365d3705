package imports

import (
	"cmp"
	"encoding/json"
	"slices"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/marc"
	"carrel/internal/patrons"
	"carrel/internal/say"
)

const (
	maxRemarks = 200 // of those that are listed one by one
	maxFirst   = 5   // examples of a kind
)

// Remark is something to know about a record or row, with its place.
type Remark struct {
	Record  int      `json:"record"` // record or line, from 1; 0 for the whole file
	Column  string   `json:"column,omitempty"`
	Code    string   `json:"code"`
	Message string   `json:"message"`
	Text    say.Text `json:"text,omitzero"` // in the store only
}

// Kind sums up remarks of one code.
type Kind struct {
	Code    string   `json:"code"`
	N       int      `json:"n"`
	Message string   `json:"message"`
	Text    say.Text `json:"text,omitzero"` // in the store only
	First   []Remark `json:"first"`
}

// remarks are what every report of a file of records has.
type remarks struct {
	Read         int      `json:"read"`
	Rejected     []Remark `json:"rejected"`
	MoreRejected int      `json:"more_rejected,omitempty"`
	Warnings     []Remark `json:"warnings"`
	MoreWarnings int      `json:"more_warnings,omitempty"`
	Kinds        []Kind   `json:"kinds"` // of the warnings, the most frequent first
}

// report is what an import would do, or did.
type report interface {
	in(lang say.Lang) // says what is in the store as texts
	brief()           // leaves out what is listed one by one
}

func (r *remarks) in(lang say.Lang) {
	sayAll(r.Rejected, lang)
	sayAll(r.Warnings, lang)
	for i := range r.Kinds {
		kind := &r.Kinds[i]
		kind.Message, kind.Text = kind.Text.In(lang), say.Text{}
		sayAll(kind.First, lang)
	}
}

func sayAll(list []Remark, lang say.Lang) {
	for i := range list {
		list[i].Message, list[i].Text = list[i].Text.In(lang), say.Text{}
	}
}

func (r *remarks) brief() {
	r.MoreRejected += len(r.Rejected)
	r.MoreWarnings += len(r.Warnings)
	r.Rejected, r.Warnings, r.Kinds = []Remark{}, []Remark{}, []Kind{}
}

func (r *remarks) reject(remark Remark) {
	if len(r.Rejected) >= maxRemarks {
		r.MoreRejected++
		return
	}
	r.Rejected = append(r.Rejected, remark)
}

func (r *remarks) warn(remark Remark, about say.Text) {
	if len(r.Warnings) >= maxRemarks {
		r.MoreWarnings++
	} else {
		r.Warnings = append(r.Warnings, remark)
	}
	i := slices.IndexFunc(r.Kinds, func(k Kind) bool { return k.Code == remark.Code })
	if i < 0 {
		i = len(r.Kinds)
		r.Kinds = append(r.Kinds, Kind{Code: remark.Code, Text: about})
	}
	kind := &r.Kinds[i]
	if kind.N++; len(kind.First) < maxFirst {
		kind.First = append(kind.First, remark)
	}
}

func (r *remarks) sort() {
	slices.SortStableFunc(r.Kinds, func(a, b Kind) int { return cmp.Compare(b.N, a.N) })
}

func newRemarks(read int) remarks {
	return remarks{Read: read, Rejected: []Remark{}, Warnings: []Remark{}, Kinds: []Kind{}}
}

type titlesReport struct {
	remarks
	Source  string           `json:"source,omitempty"` // iso2709, marcxml, marcjson, or whose table it is (package booklist)
	Titles  catalog.Counts   `json:"titles"`
	Items   catalog.Counts   `json:"items"`
	Sample  *sample          `json:"sample"`
	Samples []sample         `json:"samples,omitempty"`
	New     catalog.NewWords `json:"new,omitzero"`
	Survey  *catalog.Survey  `json:"survey,omitempty"`
}

// maxSamples is how many titles are shown as they will be.
const maxSamples = 5

// sample is the first title as it will look.
type sample struct {
	Title      string `json:"title"`
	Author     string `json:"author"`
	CallNumber string `json:"call_number"`
	Year       int    `json:"year"`
	Barcode    string `json:"barcode"`
	Items      int    `json:"items"`
}

func reportTitles(summary catalog.Summary, first []sample) *titlesReport {
	r := &titlesReport{
		remarks: newRemarks(summary.Read), Source: summary.Source, Titles: summary.Titles, Items: summary.Items, Samples: first, New: summary.New, Survey: summary.Survey,
	}
	if len(first) > 0 {
		r.Sample = &first[0]
	}
	for _, reject := range summary.Rejected {
		r.reject(Remark{Record: reject.Record, Column: reject.Column, Code: reject.Code, Text: reject.Text})
	}
	for _, warning := range summary.Warnings {
		r.warn(Remark{Record: warning.Record, Column: warning.Column, Code: warning.Code, Text: warning.Text}, aboutTitles(warning.Code))
	}
	r.MoreRejected += summary.MoreRejected
	r.MoreWarnings += summary.MoreWarnings
	r.sort()
	return r
}

// aboutTitles is what warnings of a code are about; all but a few tell of a repair.
func aboutTitles(code string) say.Text {
	if marc.IsRepair(code) {
		return say.T("catalog.repair." + code)
	}
	return say.T("imports.kind." + code)
}

type rosterReport struct {
	remarks
	Source      string       `json:"source"`
	Patrons     patronCounts `json:"patrons"`
	Homerooms   []string     `json:"homerooms"` // new ones
	ManyLeaving bool         `json:"many_leaving"`
}

type patronCounts struct {
	Added   int `json:"added"`
	Updated int `json:"updated"`
	Skipped int `json:"skipped"`
	Left    int `json:"left"`
}

// brief also leaves out what the file holds.
func (r *titlesReport) brief() {
	r.remarks.brief()
	r.Samples, r.Survey, r.New = nil, nil, catalog.NewWords{}
}

func reportRoster(summary patrons.Summary) *rosterReport {
	r := &rosterReport{remarks: newRemarks(summary.Read), Source: summary.Source, Homerooms: summary.Homerooms}
	r.Patrons = patronCounts(summary.Patrons)
	if r.Homerooms == nil {
		r.Homerooms = []string{}
	}
	for _, reject := range summary.Rejected {
		r.reject(Remark{Record: reject.Record, Column: reject.Column, Code: reject.Code, Text: reject.Text})
	}
	for _, warning := range summary.Warnings {
		r.warn(Remark{Record: warning.Record, Code: warning.Code, Text: warning.Text}, say.T("imports.kind."+warning.Code))
	}
	r.sort()
	return r
}

// reportOf reads a report from the store; nil when there is none.
func reportOf(kind string, data []byte) (report, error) {
	if len(data) == 0 || string(data) == "null" || string(data) == `""` {
		return nil, nil
	}
	var r report
	switch kind {
	case collections.ImportTitles, collections.ImportBooks:
		r = &titlesReport{}
	case collections.ImportRoster:
		r = &rosterReport{}
	case collections.ImportPictures:
		r = &picturesReport{}
	case collections.ImportItems:
		r = &itemsReport{}
	default:
		r = &turnoverReport{}
	}
	return r, json.Unmarshal(data, r)
}
