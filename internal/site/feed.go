package site

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Feed is the secret address under which calendars may read what the library teaches. Without a secret there is none.
type Feed struct {
	Secret string    `json:"secret"`
	MadeAt time.Time `json:"made_at"`
}

const feedKey = "teaching_feed"

// LoadFeed reads the address.
func LoadFeed(app core.App) (Feed, error) { return loadSetting(app, feedKey, Feed{}) }

// SaveFeed puts another address in its place; the old one is dead at once.
func SaveFeed(app core.App, feed Feed) error { return saveSetting(app, feedKey, feed) }
