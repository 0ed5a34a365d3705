package print

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

var wordAt = regexp.MustCompile(`<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*)</word>`)

// placed lists each page's words with the millimetre of their left and lower edges.
func placed(t *testing.T, pdf []byte) string {
	t.Helper()
	var out strings.Builder
	for _, row := range strings.Split(allText(t, pdf, "-bbox"), "\n") {
		if strings.Contains(row, "<page ") {
			out.WriteString("page\n")
		}
		if m := wordAt.FindStringSubmatch(row); m != nil {
			fmt.Fprintf(&out, "%s %s %s\n", millimetres(m[1]), millimetres(m[4]), m[5])
		}
	}
	return out.String()
}

func millimetres(points string) string {
	number, err := strconv.ParseFloat(points, 64)
	if err != nil {
		return "?"
	}
	return strconv.Itoa(int(number*mmPerPoint + 0.5))
}

// Each kind of paper says what it said, where it said it. After a change that is meant: go test ./internal/print -run Golden -update
func TestGolden(t *testing.T) {
	need(t, "pdftotext")
	for name, write := range samples() {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", name+".txt")
			got := placed(t, pdfOf(t, write))
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("differs from %s:\n%s", path, got)
			}
		})
	}
}

// On Letter and A4, in English and Spanish, the outside panel of a folded slip has name and homeroom only.
func TestOutsideOfEverySlip(t *testing.T) {
	need(t, "pdftotext")
	for name, sheet := range map[string]SlipSheet{"letter": familySlips(Letter), "a4": familySlips(A4), "es": spanishSlips(A4)} {
		pdf := pdfOf(t, func(w *bytes.Buffer) error { return Slips(w, sheet) })
		width, _ := sheet.Paper.size()
		var want []string
		for _, slip := range sheet.Slips {
			want = append(want, strings.Fields(slip.Homeroom+" "+slip.Name)...)
		}
		got := strings.Fields(textOf(t, pdf, 1, 2*width/3/215.9, 1))
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: the outside says %q", name, got)
		}
	}
}
