package teaching

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"carrel/collections"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Act is what every act has. With the same Key it is the same act.
type Act struct {
	Key   string
	Actor string // id of the staff member
	Now   time.Time
}

// Fresh is an act without a key of the caller's.
func Fresh(actor string, now time.Time) Act { return Act{security.RandomString(24), actor, now} }

// keepActs is how long an act can be taken back, and how long its key is known.
const keepActs = 30 * 24 * time.Hour

// data is what an act changed: what it made, and the sessions as they were before. After are digests of what it left: only what is so still, or again, is
// taken back.
type data struct {
	Made   []string          `json:"made,omitempty"`
	Before []image           `json:"before,omitempty"`
	After  map[string]string `json:"after,omitempty"`
}

// image is a session with its titles.
type image struct {
	Session collections.Session        `json:"session"`
	Titles  []collections.SessionTitle `json:"titles,omitempty"`
}

// do writes an act in the caller's transaction, unless its key is there already: then nothing is written. Another act's key is fault.Conflict (key_reused).
func do(app core.App, act Act, kind string, ask any, work func(app core.App, d *data) error) (d data, err error) {
	if len(act.Key) < 8 || len(act.Key) > 56 {
		return d, unfit(kind, "key", "desk.bad_key")
	}
	digest, err := digestOf(ask)
	if err != nil {
		return d, err
	}
	before, known, err := collections.Find[collections.TeachingAct](app, "key = {:key}", dbx.Params{"key": act.Key})
	if err != nil {
		return d, err
	}
	if known {
		if before.Kind != kind || before.Ask != digest || before.Actor != act.Actor {
			return d, fault.New("teaching."+kind, fault.Conflict, "desk.key_reused").Named("key_reused").At("key")
		}
		return d, json.Unmarshal(before.Data, &d)
	}
	if err := work(app, &d); err != nil {
		return d, err
	}
	return d, write(app, act, collections.TeachingAct{Key: act.Key, Kind: kind, Ask: digest, Actor: act.Actor}, d)
}

func digestOf(ask any) (string, error) {
	asked, err := json.Marshal(ask)
	sum := sha256.Sum256(asked)
	return hex.EncodeToString(sum[:]), err
}

func write(app core.App, act Act, record collections.TeachingAct, d data) (err error) {
	if record.Data, err = json.Marshal(d); err != nil {
		return err
	}
	if record.At, err = types.ParseDateTime(act.Now); err != nil {
		return err
	}
	if _, err := collections.Insert(app, record); err != nil {
		return err
	}
	old, err := types.ParseDateTime(act.Now.Add(-keepActs))
	if err != nil {
		return err
	}
	_, err = app.DB().NewQuery("DELETE FROM teaching_acts WHERE at < {:old}").Bind(dbx.Params{"old": old.String()}).Execute()
	return err
}

// imagesOf are sessions as they are now.
func imagesOf(app core.App, sessions []collections.Session) ([]image, error) {
	images := make([]image, len(sessions))
	for i, session := range sessions {
		titles, err := titleRows(app, session.ID)
		if err != nil {
			return nil, err
		}
		images[i] = image{session, titles}
	}
	return images, nil
}

func titleRows(app core.App, session string) ([]collections.SessionTitle, error) {
	return collections.All[collections.SessionTitle](app, "session = {:id}", "position, id", dbx.Params{"id": session})
}

// left notes what an act leaves behind.
func (d *data) left(app core.App, ids []string) error {
	d.After = map[string]string{}
	for _, id := range ids {
		_, digest, found, err := digestOfSession(app, id)
		if err != nil {
			return err
		}
		if found {
			d.After[id] = digest
		}
	}
	return nil
}

// digestOfSession tells whether a session is another one: by what it says, not by when it was saved, so that a change that was taken back is none.
func digestOfSession(app core.App, id string) (row collections.Session, digest string, found bool, err error) {
	row, found, err = collections.Find[collections.Session](app, "id = {:id}", dbx.Params{"id": id})
	if err != nil || !found {
		return row, "", false, err
	}
	titles, err := titleRows(app, id)
	if err != nil {
		return row, "", false, err
	}
	plain := row
	plain.Updated, plain.Seq = types.DateTime{}, 0
	said := []any{plain}
	for _, title := range titles {
		said = append(said, title.Title, title.Item)
	}
	digest, err = digestOf(said)
	return row, digest, true, err
}

// Undo takes an act of the calendar back and answers the ids of the sessions it brought back or changed. The codes are fault.NotFound (unknown_act), and
// fault.Conflict: undone_before, or changed when somebody changed one of its sessions since.
func Undo(app core.App, act Act, key string) (ids []string, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		before, known, err := collections.Find[collections.TeachingAct](app, "key = {:key} AND kind != 'lesson' AND kind != 'copy'", dbx.Params{"key": key})
		if err != nil {
			return err
		}
		if !known {
			return unknown("Undo", "key", "unknown_act")
		}
		if !before.UndoneAt.IsZero() {
			return fault.New("teaching.Undo", fault.Conflict, "teaching.undone_before").Named("undone_before").At("key")
		}
		var d data
		if err := json.Unmarshal(before.Data, &d); err != nil {
			return err
		}
		if ids, err = d.takeBack(app); err != nil {
			return err
		}
		if before.UndoneAt, err = types.ParseDateTime(act.Now); err != nil {
			return err
		}
		return collections.Update(app, before)
	})
	return ids, err
}

func (d data) takeBack(app core.App) ([]string, error) {
	for _, id := range d.Made {
		if err := d.remove(app, id); err != nil {
			return nil, err
		}
	}
	ids := []string{}
	for _, was := range d.Before {
		if err := d.restore(app, was); err != nil {
			return nil, err
		}
		ids = append(ids, was.Session.ID)
	}
	return ids, nil
}

func (d data) remove(app core.App, id string) error {
	if _, err := d.unchanged(app, id); err != nil {
		return err
	}
	record, err := app.FindRecordById(collections.TeachingSessions, id)
	if err != nil {
		return err
	}
	return app.Delete(record)
}

// unchanged reads a session that the act left, and refuses when it is another one by now.
func (d data) unchanged(app core.App, id string) (collections.Session, error) {
	row, digest, found, err := digestOfSession(app, id)
	if err == nil && (!found || digest != d.After[id]) {
		err = fault.New("teaching.Undo", fault.Conflict, "teaching.changed_since").Named("changed")
	}
	return row, err
}

func (d data) restore(app core.App, was image) error {
	if err := was.forget(app); err != nil {
		return err
	}
	if _, left := d.After[was.Session.ID]; !left { // it was deleted
		was.Session.Seq++
		if _, err := collections.Insert(app, was.Session); err != nil {
			return err
		}
		return putTitles(app, was.Session.ID, was.Titles)
	}
	now, err := d.unchanged(app, was.Session.ID)
	if err != nil {
		return err
	}
	was.Session.Seq = now.Seq + 1
	if err := collections.Update(app, was.Session); err != nil {
		return err
	}
	return putTitles(app, was.Session.ID, was.Titles)
}

// forget leaves out the lesson, the class and the titles that are gone by now.
func (i *image) forget(app core.App) error {
	there := func(table, id string) (bool, error) {
		var n int
		err := app.DB().Select("COUNT(*)").From(table).Where(dbx.HashExp{"id": id}).Row(&n)
		return n > 0, err
	}
	for table, id := range map[string]*string{collections.Lessons: &i.Session.Lesson, collections.Homerooms: &i.Session.Homeroom} {
		if found, err := there(table, *id); err != nil {
			return err
		} else if !found {
			*id = ""
		}
	}
	titles := []collections.SessionTitle{}
	for _, title := range i.Titles {
		found, err := there(collections.Titles, title.Title)
		if err != nil {
			return err
		}
		if found {
			titles = append(titles, title)
		}
	}
	i.Titles = titles
	return nil
}

// putTitles makes these the titles of a session, in this order.
func putTitles(app core.App, session string, titles []collections.SessionTitle) error {
	if _, err := app.DB().NewQuery("DELETE FROM session_titles WHERE session = {:id}").Bind(dbx.Params{"id": session}).Execute(); err != nil {
		return err
	}
	for i, title := range titles {
		if _, err := collections.Insert(app, collections.SessionTitle{Session: session, Title: title.Title, Item: title.Item, Position: i + 1}); err != nil {
			return err
		}
	}
	return nil
}
