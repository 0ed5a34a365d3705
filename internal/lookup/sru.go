package lookup

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"carrel/internal/isbn"
	"carrel/internal/marc"

	"golang.org/x/text/encoding/htmlindex"
)

// mostRecords is how many records of one ISBN are asked for. A person cannot choose between more.
const mostRecords = 5

// sru asks a library by SRU 1.1, as the Library of Congress offers it at http://lx2.loc.gov:210/LCDB (which speaks no https). Its records are MARC and
// are kept whole.
type sru struct {
	asker *Asker
	name  string
	base  string // address of the database
}

func (s *sru) Name() string { return s.name }

// Find asks for both forms of the number: older records have only the one of ten digits.
func (s *sru) Find(ctx context.Context, number string) ([]Found, error) {
	query := "bath.isbn=" + number
	if short := isbn.Short(number); short != "" {
		query += " or bath.isbn=" + short
	}
	asked := url.Values{
		"version": {"1.1"}, "operation": {"searchRetrieve"}, "query": {query}, "recordSchema": {"marcxml"}, "recordPacking": {"xml"},
		"startRecord": {"1"}, "maximumRecords": {strconv.Itoa(mostRecords)},
	}
	body, err := s.asker.get(ctx, s.base+"?"+asked.Encode(), "xml")
	if err != nil {
		return nil, err
	}
	head, err := headOf(body)
	switch {
	case err != nil:
		return nil, trouble(Broken, "the answer is no whole XML: %w", err)
	case head.root != "searchRetrieveResponse":
		return nil, trouble(Broken, "the answer is a %q", head.root)
	case head.diagnostic != "":
		return nil, trouble(Broken, "the source says: %s", head.diagnostic)
	case head.records == 0:
		return nil, nil
	}
	return s.records(body, number)
}

// records are those of the answer that have the number. A server that does not know the index may answer with anything.
func (s *sru) records(body []byte, number string) (found []Found, err error) {
	reader, err := marc.NewReader(bytes.NewReader(body), s.name)
	if err != nil {
		return nil, trouble(Broken, "records were announced: %w", err)
	}
	for len(found) < mostRecords {
		record, _, err := reader.Next()
		var bad *marc.RecordError
		switch {
		case errors.Is(err, io.EOF):
			return found, nil
		case errors.As(err, &bad):
			continue // its neighbours may do
		case err != nil:
			return nil, trouble(Broken, "the records: %w", err)
		}
		if has(marc.Extract(record), number) {
			found = append(found, Found{Record: record, Source: s.name})
		}
	}
	return found, nil
}

func has(facts marc.Facts, number string) bool {
	return slices.Contains(facts.ISBNs, number) || slices.Contains(facts.OtherISBNs, number)
}

// sruHead is what an SRU answer says beside its records.
type sruHead struct {
	root       string
	records    int
	diagnostic string // message and details of the first
}

// headOf reads it, whatever the prefixes are, and proves the answer to be whole XML. The namespaces differ between versions, so only local names count.
func headOf(body []byte) (head sruHead, err error) {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	decoder.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		encoding, err := htmlindex.Get(label)
		if err != nil {
			return nil, err
		}
		return encoding.NewDecoder().Reader(in), nil
	}
	inside, inDiagnostic := "", false
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return head, nil
		}
		if err != nil {
			return head, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			inside = token.Name.Local
			if head.root == "" {
				head.root = inside
			}
			inDiagnostic = inDiagnostic || inside == "diagnostic"
		case xml.EndElement:
			inside = ""
			inDiagnostic = inDiagnostic && token.Name.Local != "diagnostic"
		case xml.CharData:
			head.take(inside, inDiagnostic, strings.TrimSpace(string(token)))
		}
	}
}

func (h *sruHead) take(inside string, inDiagnostic bool, text string) {
	switch {
	case text == "":
	case inside == "numberOfRecords":
		h.records, _ = strconv.Atoi(text) //nolint:errcheck // what is no number announces nothing
	case inDiagnostic && slices.Contains([]string{"uri", "message", "details"}, inside) && len(h.diagnostic) < 300:
		h.diagnostic = strings.TrimSpace(h.diagnostic + " " + text)
	}
}
