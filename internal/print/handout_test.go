package print

import (
	"bytes"
	"strings"
	"testing"
)

func sampleHandout(paper Paper) Handout {
	return Handout{At: at, Paper: paper, Name: "Leave a trail", Foot: "Student page", Text: `# Leave a trail

Four answers: **Who** and *what*, **when**, where.

## 1. Write

- ( ) Owls are birds.
- A book
1. Because ___
2. ( ) A sentence that is so long that no line behind it would be long enough to write a single word of an answer upon ___

___

| Roll | First | Second |
| 1 | purple | tuba |

[ ]
`}
}

// A short text is in large type, a longer one smaller, and one that is too long for a page goes on on the next; every word is there.
func TestHandoutsAreAsLargeAsTheyFit(t *testing.T) {
	need(t, "pdftotext")
	for repeat, pages := range map[int]int{1: 1, 24: 1, 90: 3} {
		sheet := sampleHandout(Letter)
		sheet.Text = strings.Repeat("Every source answers four questions, and this is the last of these words.\n\n", repeat)
		pdf := pdfOf(t, func(w *bytes.Buffer) error { return Handouts(w, sheet) })
		if got := countPages(pdf); got != pages {
			t.Errorf("%d paragraphs are %d pages", repeat, got)
		}
		if got := strings.Count(strings.Join(strings.Fields(allText(t, pdf)), " "), "these words."); got != repeat {
			t.Errorf("%d of %d paragraphs", got, repeat)
		}
	}
}
