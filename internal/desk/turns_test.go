package desk

import (
	"errors"
	"fmt"
	"testing"

	"carrel/internal/fault"
	"carrel/internal/testkit"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

func put(name string, then error) *turn {
	return &turn{done: make(chan struct{}), act: func(app core.App) error {
		_, err := app.DB().Insert("search_doc", dbx.Params{"title_id": name}).Execute()
		if err != nil {
			return err
		}
		return then
	}}
}

// A refused act in a shared transaction leaves nothing behind and takes nobody with it.
func TestSharedWithARefusal(t *testing.T) {
	lib := testkit.NewLibrary(t)
	group := []*turn{put("a", nil), put("b", fault.New("test", fault.Refused, "desk.refused")), put("c", nil)}
	if !shared(lib.App, group) {
		t.Fatal("a refusal ended the transaction")
	}
	if lib.Count("search_doc", "title_id IN ('a', 'c')") != 2 || lib.Count("search_doc", "1") != 2 || fault.CodeOf(group[1].err) != fault.Refused {
		t.Errorf("%v", group[1].err)
	}
}

// An act that fails or panics is run alone, and so are the others.
func TestSharedWithAFailure(t *testing.T) {
	for name, bad := range map[string]*turn{
		"failure": put("bad", errors.New("the disk is on fire")),
		"panic":   {done: make(chan struct{}), act: func(core.App) error { panic("of a programmer") }},
	} {
		t.Run(name, func(t *testing.T) {
			lib := testkit.NewLibrary(t)
			group := []*turn{put("a", nil), bad, put("c", nil)}
			queue := &turns{waiting: group, working: true}
			queue.work(lib.App)
			if bad.err == nil || group[0].err != nil || group[2].err != nil {
				t.Errorf("%v, %v, %v", group[0].err, bad.err, group[2].err)
			}
			if lib.Count("search_doc", "1") != 2 {
				t.Error("the wrong acts were kept")
			}
			if (name == "panic") != (bad.panicked != nil) {
				t.Errorf("panicked: %v", bad.panicked)
			}
		})
	}
}

func TestPanicReachesTheOneWhoAsked(t *testing.T) {
	lib := testkit.NewLibrary(t)
	defer func() {
		if fmt.Sprint(recover()) != "of a programmer" {
			t.Error("the panic got lost")
		}
	}()
	_ = inTurn(lib.App, func(core.App) error { panic("of a programmer") })
}
