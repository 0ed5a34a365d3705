package hooks

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"carrel/internal/site"
	"carrel/internal/teaching"

	"github.com/pocketbase/pocketbase/core"
)

const feedPath = "/api/carrel/teaching/feed/{file}"

// feedAnswer is the address of the feed as the one who asks reaches the library.
func feedAnswer(e *core.RequestEvent, status int, feed site.Feed) error {
	if feed.Secret == "" {
		return e.JSON(status, map[string]any{"url": "", "made_at": ""})
	}
	scheme := "http"
	if e.Request.TLS != nil {
		scheme = "https"
	}
	url := scheme + "://" + e.Request.Host + strings.Replace(feedPath, "{file}", feed.Secret+".ics", 1)
	return e.JSON(status, map[string]any{"url": url, "made_at": feed.MadeAt.Format(time.RFC3339)})
}

func (d *Door) feed(e *core.RequestEvent) error {
	feed, err := site.LoadFeed(e.App)
	if err != nil {
		return err
	}
	return feedAnswer(e, http.StatusOK, feed)
}

func (d *Door) newFeed(e *core.RequestEvent) error {
	feed, err := teaching.NewFeed(e.App, time.Now())
	if err != nil {
		return err
	}
	return feedAnswer(e, http.StatusCreated, feed)
}

func (d *Door) dropFeed(e *core.RequestEvent) error {
	if err := site.SaveFeed(e.App, site.Feed{}); err != nil {
		return err
	}
	return feedAnswer(e, http.StatusOK, site.Feed{})
}

// feedFile is read by calendars, over and over: what has not changed is not sent again.
func (d *Door) feedFile(e *core.RequestEvent) error {
	secret, _ := strings.CutSuffix(e.Request.PathValue("file"), ".ics")
	file, err := teaching.FeedFile(e.App, secret, time.Now())
	if err != nil {
		return err
	}
	sum := sha256.Sum256(file)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	header := e.Response.Header()
	header.Set("Cache-Control", fmt.Sprintf("private, max-age=%d", int(teaching.FeedAgain.Seconds())))
	header.Set("ETag", tag)
	header.Set("Content-Disposition", `inline; filename="library.ics"`)
	if e.Request.Header.Get("If-None-Match") == tag {
		e.Response.WriteHeader(http.StatusNotModified)
		return nil
	}
	return e.Blob(http.StatusOK, "text/calendar; charset=utf-8", file)
}
