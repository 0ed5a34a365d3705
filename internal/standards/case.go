package standards

import (
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
)

// The parts of a CFPackage that Carrel reads (CASE 1.0, information model, section 4). Real files have numbers as texts, one text where a list is asked for, and
// "educationalLevel" for "educationLevel"; those are read, too.
type (
	cfPackage struct {
		Document     *cfDocument     `json:"CFDocument"`
		Items        []cfItem        `json:"CFItems"`
		Associations []cfAssociation `json:"CFAssociations"`
	}
	cfDocument struct {
		ID       string `json:"identifier"`
		Title    string `json:"title"`
		Creator  string `json:"creator"`
		Language string `json:"language"`
		Status   string `json:"adoptionStatus"`
	}
	cfItem struct {
		ID       string   `json:"identifier"`
		Text     string   `json:"fullStatement"`
		Short    string   `json:"abbreviatedStatement"`
		Code     string   `json:"humanCodingScheme"`
		Notes    string   `json:"notes"`
		Type     string   `json:"CFItemType"`
		Number   loose    `json:"sequenceNumber"`
		List     loose    `json:"listEnumeration"`
		Grades   manyText `json:"educationLevel"`
		OfGrades manyText `json:"educationalLevel"`
	}
	cfAssociation struct {
		Type   string `json:"associationType"`
		Origin cfLink `json:"originNodeURI"`
		Target cfLink `json:"destinationNodeURI"`
		Number loose  `json:"sequenceNumber"`
	}
	cfLink struct {
		ID string `json:"identifier"`
	}
)

// loose is a number, or a text that may be one.
type loose struct {
	value float64
	set   bool
}

func (l *loose) UnmarshalJSON(data []byte) error {
	*l = looseOf(strings.Trim(string(data), `"`))
	return nil
}

func looseOf(text string) loose {
	value, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	return loose{value, err == nil && !math.IsNaN(value)}
}

// manyText is a list of texts, or one with commas.
type manyText []string

func (m *manyText) UnmarshalJSON(data []byte) error {
	var list []string
	if json.Unmarshal(data, &list) == nil {
		*m = list
		return nil
	}
	var text string
	if json.Unmarshal(data, &text) == nil {
		*m = strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '|' })
	}
	return nil
}

// UnmarshalJSON takes the plain URI of a node, too, whose last part is the identifier.
func (l *cfLink) UnmarshalJSON(data []byte) error {
	var uri string
	if json.Unmarshal(data, &uri) == nil {
		l.ID = uri[strings.LastIndexByte(uri, '/')+1:]
		return nil
	}
	var plain struct {
		ID string `json:"identifier"`
	}
	err := json.Unmarshal(data, &plain)
	l.ID = plain.ID
	return err
}

func readCASE(content []byte) (Framework, error) {
	var from cfPackage
	if err := json.Unmarshal(content, &from); err != nil {
		return Framework{}, &FileError{Code: BrokenJSON, Offset: offsetOf(err), Err: err}
	}
	switch {
	case from.Document == nil:
		return Framework{}, &FileError{Code: NotStandards}
	case len(from.Items) == 0:
		return Framework{}, &FileError{Code: Empty}
	case len(from.Items) > MaxStatements:
		return Framework{}, &FileError{Code: TooMany}
	}
	d := from.Document
	f := Framework{ID: d.ID, Title: tidy(d.Title), Creator: tidy(d.Creator), Language: d.Language, Status: d.Status}
	plant(&f, f.nodes(from))
	return f, nil
}

func offsetOf(err error) int64 {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return syntax.Offset
	case errors.As(err, &kind):
		return kind.Offset
	}
	return 0
}

// nodes are the items of a package with their places.
func (f *Framework) nodes(from cfPackage) []*node {
	byID := make(map[string]*node, len(from.Items))
	nodes := make([]*node, 0, len(from.Items))
	for i := range from.Items {
		n := f.nodeOf(&from.Items[i])
		if n == nil {
			continue
		}
		if n.ID != "" && byID[n.ID] != nil {
			f.remark(Double, n, n.ID)
			continue
		}
		byID[n.ID] = n
		nodes = append(nodes, n)
	}
	for _, a := range from.Associations {
		n := byID[a.Origin.ID]
		if a.Type != "isChildOf" || n == nil {
			continue // other associations relate statements; their order is not ours
		}
		number := a.Number
		if !number.set {
			number = loose{n.number, n.counted}
		}
		parent := a.Target.ID
		if parent == from.Document.ID {
			parent = ""
		}
		n.under = append(n.under, link{parent, number.value, number.set})
	}
	return nodes
}

// nodeOf is nil for an item that says nothing.
func (f *Framework) nodeOf(item *cfItem) *node {
	n := &node{Statement: Statement{
		ID: item.ID, Code: tidy(item.Code), Text: tidy(item.Text), Short: tidy(item.Short), Notes: strings.TrimSpace(item.Notes), Type: tidy(item.Type),
	}}
	number := item.Number
	if !number.set {
		number = item.List
	}
	n.number, n.counted = number.value, number.set
	f.setGrades(n, append(item.Grades, item.OfGrades...))
	return f.worded(n)
}

// worded gives a statement without words its short form or its code; nil when it has neither.
func (f *Framework) worded(n *node) *node {
	if n.Text != "" {
		return n
	}
	f.remark(Wordless, n, n.ID)
	n.Text = cmp.Or(n.Short, n.Code)
	if n.Text == "" {
		return nil
	}
	return n
}

// tidy makes one line of a text, without the signs that control a terminal.
func tidy(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}
