package teaching

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/ical"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

// secretBytes are random. Nobody guesses them, so the address alone opens the feed.
const secretBytes = 32

// The days that the feed has: eight weeks back, and a year ahead.
const (
	feedBack  = 8 * 7
	feedAhead = 365
)

// FeedAgain is how long a calendar may keep the feed before it asks again.
const FeedAgain = 15 * time.Minute

// NewFeed makes the feed a new secret address.
func NewFeed(app core.App, now time.Time) (site.Feed, error) {
	secret := make([]byte, secretBytes)
	if _, err := rand.Read(secret); err != nil {
		return site.Feed{}, err
	}
	feed := site.Feed{Secret: base64.RawURLEncoding.EncodeToString(secret), MadeAt: now.UTC().Truncate(time.Second)}
	return feed, site.SaveFeed(app, feed)
}

// FeedFile is the calendar as a file (RFC 5545) for whoever knows the secret: classes, lessons and places, no child and no notes. Any other secret is
// fault.NotFound (no_feed).
func FeedFile(app core.App, secret string, now time.Time) ([]byte, error) {
	feed, err := site.LoadFeed(app)
	if err != nil {
		return nil, err
	}
	if feed.Secret == "" || subtle.ConstantTimeCompare([]byte(feed.Secret), []byte(secret)) != 1 {
		return nil, fault.New("teaching.FeedFile", fault.NotFound, "teaching.no_feed").Named("no_feed")
	}
	b, err := openBook(app)
	if err != nil {
		return nil, err
	}
	today := policy.DayOf(now, b.house.Calendar.Zone)
	entries, err := b.entries(today.Add(-feedBack), today.Add(feedAhead))
	if err != nil {
		return nil, err
	}
	lang := say.LangOf(string(b.house.School.Language))
	year, month, day := now.UTC().Date()
	calendar := ical.Calendar{
		Name: say.T("teaching.feed.name", b.house.School.Name).In(lang), Again: FeedAgain,
		Stamped: time.Date(year, month, day, 0, 0, 0, 0, time.UTC), // so that the file is the same until something changes
	}
	for _, entry := range entries {
		if entry.State != collections.SessionAsked && entry.row.Ends > 0 {
			calendar.Entries = append(calendar.Entries, b.feedEntry(entry, lang))
		}
	}
	var file bytes.Buffer
	err = ical.Write(&file, calendar)
	return file.Bytes(), err
}

func (b *book) feedEntry(s Session, lang say.Lang) ical.Entry {
	entry := ical.Entry{
		UID: s.ID + "@carrel", Seq: s.row.Seq, Summary: s.label(lang), Location: s.Place, From: b.at(s.row.Day, s.row.Begins), Until: b.at(s.row.Day, s.row.Ends),
		Cancelled: s.State == collections.SessionCancelled,
	}
	if s.row.Instead != "" { // the visit and what stands instead of it are one event
		entry.UID = strings.ReplaceAll(s.row.Instead, ":", "-") + "@carrel"
		if !s.Visit {
			entry.Seq++
		}
	}
	return entry
}

// at is the instant at which the clock at school shows so many minutes of a day.
func (b *book) at(day policy.Day, minutes int) time.Time {
	midnight := day.At(0, b.house.Calendar.Zone)
	return time.Date(midnight.Year(), midnight.Month(), midnight.Day(), 0, minutes, 0, 0, b.house.Calendar.Zone)
}

// label is what a session is called where there is one line for it: "4B: Is this site true?", "Checkout: 2A".
func (s Session) label(lang say.Lang) string {
	name := s.Name
	if name == "" && s.Lesson != nil {
		name = s.Lesson.Title
	}
	class := ""
	if s.Homeroom != nil {
		class = s.Homeroom.Name
	}
	kind := say.T("teaching.kind." + s.Kind).In(lang)
	switch {
	case class != "" && name != "":
		return class + ": " + name
	case class != "":
		return kind + ": " + class
	case s.Kind == collections.SessionOther || name == "":
		return or(name, kind)
	}
	return kind + ": " + name
}
