package frameworks_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"carrel/internal/frameworks"
	"carrel/internal/say"
	"carrel/internal/testkit"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/pocketbase/core"
)

// notFrameworks are files of the corpus that hold no statements: the description of the format, and a framework kept elsewhere.
var notFrameworks = []string{"case-v1p0-swagger.json", "EmptyExternalFramework.json"}

// The frameworks of real makers come in whole: their statements in the order of their sequence numbers, with their codes. What is right is read from the files
// in another way, as plain JSON and plain CSV.
func TestCorpus(t *testing.T) {
	corpus := os.Getenv("CARREL_CORPUS")
	if corpus == "" {
		t.Skip("CARREL_CORPUS is not set: no corpus of frameworks")
	}
	app := testkit.App(t)
	files, err := filepath.Glob(filepath.Join(corpus, "case", "*", "*"))
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case slices.Contains(notFrameworks, name):
			if _, err := frameworks.Import(app, bytes.NewReader(content), name, say.English, false); err == nil {
				t.Errorf("%s came in", name)
			}
		case strings.HasSuffix(name, ".json"):
			got := stored(t, app, take(t, app, string(content), name, false).Framework.ID)
			if diff := cmp.Diff(fromJSON(t, content), got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
			t.Logf("%s: %d statements in order", name, len(got))
		case strings.HasSuffix(name, ".csv"):
			codes := []string{}
			for _, line := range stored(t, app, take(t, app, string(content), name, false).Framework.ID) {
				codes = append(codes, strings.Split(line, "|")[1])
			}
			slices.Sort(codes)
			if diff := cmp.Diff(codesFromCSV(t, content), codes); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
			t.Logf("%s: %d codes", name, len(codes))
		}
	}
}

// stored is a stored tree in order: depth, code and words of each statement.
func stored(t *testing.T, app core.App, id string) (lines []string) {
	t.Helper()
	tree, err := frameworks.ReadTree(app, id, say.English)
	if err != nil {
		t.Fatal(err)
	}
	depths := []int{}
	for _, s := range tree.Statements {
		depth := 0
		if above := s[1].(int); above >= 0 {
			depth = depths[above] + 1
		}
		depths = append(depths, depth)
		lines = append(lines, strconv.Itoa(depth)+"|"+s[2].(string)+"|"+s[3].(string))
	}
	return lines
}

type object = map[string]any

// fromJSON reads a CFPackage without any of the types of the reader: children by isChildOf, in the order of sequenceNumber, those without one behind.
func fromJSON(t *testing.T, content []byte) (lines []string) {
	t.Helper()
	var file object
	if err := json.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	root := str(file["CFDocument"].(object)["identifier"])
	type child struct {
		item   object
		number float64
	}
	children := map[string][]child{}
	for _, one := range file["CFItems"].([]any) {
		item := one.(object)
		under, number := root, 1e9
		for _, link := range list(file["CFAssociations"]) {
			link := link.(object)
			if link["associationType"] != "isChildOf" || str(link["originNodeURI"].(object)["identifier"]) != str(item["identifier"]) {
				continue
			}
			under = str(link["destinationNodeURI"].(object)["identifier"])
			if n, err := strconv.ParseFloat(str(link["sequenceNumber"]), 64); err == nil {
				number = n
			}
			break
		}
		if number == 1e9 {
			for _, name := range []string{"sequenceNumber", "listEnumeration"} {
				if n, err := strconv.ParseFloat(str(item[name]), 64); err == nil {
					number = n
					break
				}
			}
		}
		children[under] = append(children[under], child{item, number})
	}
	var walk func(id string, depth int)
	walk = func(id string, depth int) {
		below := children[id]
		slices.SortStableFunc(below, func(a, b child) int {
			switch {
			case a.number < b.number:
				return -1
			case a.number > b.number:
				return 1
			}
			return 0
		})
		for _, one := range below {
			words := strings.Join(strings.Fields(str(one.item["fullStatement"])), " ")
			lines = append(lines, strconv.Itoa(depth)+"|"+strings.Join(strings.Fields(str(one.item["humanCodingScheme"])), " ")+"|"+words)
			walk(str(one.item["identifier"]), depth+1)
		}
	}
	walk(root, 0)
	return lines
}

func str(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	return ""
}

func list(value any) []any {
	all, _ := value.([]any)
	return all
}

// codesFromCSV are the codes of all rows with words, in alphabetical order.
func codesFromCSV(t *testing.T, content []byte) []string {
	t.Helper()
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))))
	reader.FieldsPerRecord, reader.LazyQuotes = -1, true
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(names ...string) int {
		return slices.IndexFunc(rows[0], func(cell string) bool {
			return slices.Contains(names, strings.ToLower(strings.ReplaceAll(strings.TrimSpace(cell), " ", "")))
		})
	}
	text, code := column("fullstatement", "statement"), column("humancodingscheme", "code")
	codes := []string{}
	for _, row := range rows[1:] {
		if text >= len(row) || strings.TrimSpace(row[text]) == "" {
			continue
		}
		one := ""
		if code >= 0 && code < len(row) {
			one = strings.Join(strings.Fields(row[code]), " ")
		}
		codes = append(codes, one)
	}
	slices.Sort(codes)
	return codes
}
