package ical

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func written(t testing.TB, c Calendar) []byte {
	var out bytes.Buffer
	if err := Write(&out, c); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWrite(t *testing.T) {
	got := string(written(t, Calendar{
		Name: "Lincoln; library", Stamped: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), Again: 15 * time.Minute,
		Entries: []Entry{{
			UID: "abc@carrel", Seq: 2, Summary: "4B: Is this site true?, part \\2\nñ" + strings.Repeat("é", 60),
			From: time.Date(2026, 4, 14, 15, 30, 0, 0, time.UTC), Until: time.Date(2026, 4, 14, 16, 10, 0, 0, time.UTC),
		}, {UID: "gone@carrel", Cancelled: true}},
	}))
	for _, want := range []string{
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:", "X-WR-CALNAME:Lincoln\\; library\r\n", "REFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n",
		"UID:abc@carrel\r\nDTSTAMP:20260401T000000Z\r\nSEQUENCE:2\r\nDTSTART:20260414T153000Z\r\nDTEND:20260414T161000Z\r\n",
		`SUMMARY:4B: Is this site true?\, part \\2\nñ`, "STATUS:CANCELLED\r\n", "END:VCALENDAR\r\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	for line := range strings.SplitSeq(got, "\r\n") {
		if len(line) > maxOctets || strings.ContainsAny(line, "\r\n") {
			t.Errorf("%d octets: %q", len(line), line)
		}
	}
}

// What is written is read back with the same days and times, also where the clocks change.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.IntRange(0, 420).Draw(t, "day") // from the summer of one year to that of the next
		from := rapid.IntRange(0, 24*60-2).Draw(t, "from")
		until := rapid.IntRange(from+1, 24*60-1).Draw(t, "until")
		begins := time.Date(2026, 7, 1+day, 0, from, 0, 0, zone)
		ends := time.Date(2026, 7, 1+day, 0, until, 0, 0, zone)
		if !begins.Before(ends) {
			t.Skip("the hour that the clocks leave out")
		}
		name := strings.TrimSpace(strings.ToValidUTF8(rapid.StringOf(rapid.RuneFrom([]rune("aé漢😀,;:\\\"n \r\nBEGIN"))).Draw(t, "name"), "?"))
		var out bytes.Buffer
		if err := Write(&out, Calendar{Name: name, Entries: []Entry{{UID: "one@carrel", Summary: name, From: begins, Until: ends}}}); err != nil {
			t.Fatal(err)
		}
		events, problems, err := Read(bytes.NewReader(out.Bytes()), zone, begins)
		if err != nil || len(problems) != 0 || len(events) != 1 {
			t.Fatalf("%v %v %v\n%s", events, problems, err, out.String())
		}
		local := begins.Format(time.DateOnly)
		if events[0].From != local || events[0].Until != ends.Add(-1).Format(time.DateOnly) || events[0].Summary != strings.Join(strings.Fields(name), " ") || events[0].UID != "one@carrel" {
			t.Fatalf("%+v, wanted %s %q\n%s", events[0], local, name, out.String())
		}
		found := cut(out.Bytes())
		c := calendar{zone: zone, zones: map[string]*time.Location{}}
		for property, want := range map[string]time.Time{"DTSTART": begins, "DTEND": ends} {
			p, _ := found.blocks[0].first(property)
			if at, ok := c.moment(p, p.value); !ok || !at.at.Equal(want) {
				t.Fatalf("%s %s, wanted %s", property, p.value, want)
			}
		}
	})
}
