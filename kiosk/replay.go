package kiosk

import (
	"net/http"

	"carrel/internal/desk"
	"carrel/internal/fault"

	"github.com/labstack/echo/v5"
)

// maxReplay is the most acts in one request; a kiosk sends a longer queue in pieces.
const maxReplay = 1000

type replayResult struct {
	Key     string `json:"key"`
	Outcome string `json:"outcome"`
}

// replay takes the acts of an offline kiosk, in order. Each is its own transaction: when the power goes in the middle, the kiosk
// sends all of them again and the keys see to it that nothing is doubled.
func (d *Door) replay(c *echo.Context) error {
	var body struct {
		Acts []desk.Replayed `json:"acts"`
	}
	if err := read(c, &body); err != nil {
		return err
	}
	if len(body.Acts) > maxReplay {
		return fault.New("kiosk.replay", fault.Invalid, "kiosk.too_many", maxReplay).At("acts")
	}
	actor := desk.Actor{Door: "kiosk", ID: deviceOf(c).ID}
	results := make([]replayResult, 0, len(body.Acts))
	for _, act := range body.Acts {
		if err := d.name(&act); err != nil {
			return err
		}
		outcome, err := desk.Replay(d.app, act, d.now(), actor)
		if fault.CodeOf(err) == fault.Invalid { // an act that cannot be one must not stop those behind it
			outcome, err = desk.ReplayQuestion, desk.KeepUnreadable(d.app, act, d.now(), actor)
		}
		if err != nil {
			return err
		}
		results = append(results, replayResult{act.Key, outcome})
	}
	return c.JSON(http.StatusOK, map[string]any{"results": results})
}

// name finds the child of an act whose face was tapped.
func (d *Door) name(act *desk.Replayed) error {
	if act.Child == "" {
		return nil
	}
	child, ok, err := d.replayedChild(act.Child, act.Happened())
	if ok {
		act.PatronID = child.ID
	}
	return err
}
