package lookup

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"carrel/internal/fault"
	"carrel/internal/site"
)

const mostSources = 8

var database = regexp.MustCompile(`^[A-Za-z0-9._~/-]{0,60}$`)

// Check puts the sources a librarian asks for into order: addresses get a scheme, new sources an id. The code is fault.Invalid, and the field is
// "sources.0.url" and the like.
func Check(wanted site.Lookup) (site.Lookup, error) {
	const op = "lookup.Check"
	if len(wanted.Sources) > mostSources {
		return wanted, fault.New(op, fault.Invalid, "adds.many_sources", mostSources).At("sources")
	}
	checked := site.Lookup{On: wanted.On, Sources: []site.Source{}}
	for i, source := range wanted.Sources {
		at := "sources." + strconv.Itoa(i) + "."
		if source.Name = clean(source.Name, 60); source.Name == "" {
			return wanted, fault.New(op, fault.Invalid, "adds.source_name").At(at + "name")
		}
		if source.Kind != site.SourceSRU && source.Kind != site.SourceOpenLibrary {
			return wanted, fault.New(op, fault.Invalid, "adds.source_kind").At(at + "kind")
		}
		address, ok := addressOf(source.URL)
		if !ok {
			return wanted, fault.New(op, fault.Invalid, "adds.source_url").At(at + "url")
		}
		source.URL = address
		if source.Database = strings.Trim(strings.TrimSpace(source.Database), "/"); !database.MatchString(source.Database) {
			return wanted, fault.New(op, fault.Invalid, "adds.source_database").At(at + "database")
		}
		source.ID = idOf(source, checked.Sources)
		checked.Sources = append(checked.Sources, source)
	}
	return checked, nil
}

// addressOf reads an address as people write it. https is meant where nothing is said. A name and password, a query or a fragment have no place in it.
func addressOf(text string) (string, bool) {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	address, err := url.Parse(text)
	if err != nil || address.Scheme != "https" && address.Scheme != "http" || address.Hostname() == "" || address.User != nil || len(text) > 300 {
		return "", false
	}
	address.RawQuery, address.ForceQuery, address.Fragment = "", false, ""
	return trimSlash(address.String()), true
}

func trimSlash(text string) string { return strings.TrimRight(text, "/") }

var notID = regexp.MustCompile("[^a-z0-9]+")

// idOf keeps the id of a source, or makes one that no other has.
func idOf(source site.Source, others []site.Source) string {
	id := notID.ReplaceAllString(strings.ToLower(source.ID), "")
	if id == "" {
		id = notID.ReplaceAllString(strings.ToLower(source.Name), "")
	}
	if id == "" || id == OwnName || id == BoxName {
		id = source.Kind
	}
	id = id[:min(len(id), 30)]
	for n := 2; slices.ContainsFunc(others, func(other site.Source) bool { return other.ID == id }); n++ {
		id = strings.TrimRight(id, "0123456789") + strconv.Itoa(n)
	}
	return id
}
