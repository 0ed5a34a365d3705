package notices

import (
	"net/mail"
	"strings"
	"testing"
	"time"

	"carrel/internal/say"

	"pgregory.net/rapid"
)

// FuzzMessage: whatever names a roster or a template brings, the mail keeps its headers, its one recipient and its two parts.
func FuzzMessage(f *testing.F) {
	f.Add("Ana", "Books", "Hello\n\nAna")
	f.Add("Ana\r\nBcc: all@x.example", "x\r\n\r\n<script>", "--=_carrel_notice\r\n.\r\n")
	f.Add("\xff", strings.Repeat("ñ", 500), "<b>&")
	f.Fuzz(func(t *testing.T, name, subject, text string) {
		content, err := message{
			id: "notice", from: mail.Address{Name: oneLine(name), Address: "library@x.example"}, to: "ana@x.example",
			subject: subject, text: text, lang: "en", date: time.Unix(0, 0), unsubscribe: "notice",
		}.bytes()
		if err != nil {
			t.Fatal(err)
		}
		read, err := mail.ReadMessage(strings.NewReader(string(content)))
		if err != nil {
			t.Fatal(err)
		}
		if len(read.Header) != 9 {
			t.Fatalf("%+v", read.Header)
		}
		if to, err := read.Header.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != "ana@x.example" {
			t.Fatalf("%v, %v", to, err)
		}
		found := parts(t, read)
		if len(found) != 2 || strings.Contains(found["text/html; charset=utf-8"], "<script") {
			t.Fatalf("%q", found)
		}
		for line := range strings.SplitSeq(string(content), "\r\n") {
			if len(line) > 998 { // RFC 5322 2.1.1
				t.Fatalf("a line of %d octets", len(line))
			}
		}
	})
}

// TestLetterCountsEachLoanOnce: a loan that waits at two steps, or for two notices, is one book.
func TestLetterCountsEachLoanOnce(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		loans := map[string]bool{}
		rows := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) letterRow {
			patron := rapid.SampledFrom([]string{"ana", "luis"}).Draw(r, "patron")
			return letterRow{
				Notice: rapid.SampledFrom([]string{"n1", "n2", "n3"}).Draw(r, "notice"), Patron: patron, FirstName: patron,
				About: patron + rapid.SampledFrom([]string{"1", "2", "3"}).Draw(r, "loan"), Language: say.English,
				Day: day(t, "2026-11-05"), Step: rapid.IntRange(1, 3).Draw(r, "step"),
			}
		}), 1, 12).Draw(r, "rows")
		highest := 0
		for _, row := range rows {
			loans[row.About] = true
			highest = max(highest, row.Step)
		}
		l := letterOf(addressee{recipient: "family@home.example", kind: kindOverdue}, rows)
		if words := l.words("School", "USD"); words.Count != len(loans) || l.step != highest {
			r.Fatalf("%d books at step %d, want %d at %d", words.Count, l.step, len(loans), highest)
		}
	})
}

func TestShippedWords(t *testing.T) {
	s := newSchool(t)
	wordings, err := loadWordings(s.App)
	if err != nil {
		t.Fatal(err)
	}
	for key, wording := range wordings {
		subject, err := fill(wording.subject, words{School: "SCHOOL", List: "LIST", Books: "BOOKS", FirstName: "NAME"})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(subject, "\n") || !strings.Contains(subject, "SCHOOL") || strings.Contains(subject, "NAME") {
			t.Errorf("%v: subject %q", key, subject)
		}
		body, err := fill(wording.body, words{School: "SCHOOL", List: "LIST\n", FirstName: "NAME", Books: "BOOKS, ", PickupBy: "DAY\n"})
		if err != nil || strings.ContainsAny(body, "!¡") {
			t.Errorf("%v: %q, %v", key, body, err)
		}
		want := []string{"\n\nLIST\n\n"}
		if key.kind == kindHoldReady || key.kind == kindHoldExpired {
			want = []string{" NAME", "\n\nBOOKS, ", "DAY\n\n"}
		}
		for _, part := range want {
			if !strings.Contains(body, part) {
				t.Errorf("%v: %q is missing in %q", key, part, body)
			}
		}
	}
	files, err := shipped.ReadDir("words")
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, steps := range worded {
		want += 2 * steps
	}
	if len(files) != want {
		t.Errorf("%d files of words, want %d", len(files), want)
	}
}
