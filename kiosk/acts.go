package kiosk

import (
	"net/http"
	"time"

	"carrel/internal/desk"
	"carrel/internal/policy"

	"github.com/labstack/echo/v5"
)

type actBody struct {
	Session string    `json:"session"`
	Item    string    `json:"item"`
	Key     string    `json:"key"`
	At      time.Time `json:"at"`
}

func (d *Door) act(c *echo.Context, key string) desk.Act {
	return desk.Act{Key: key, Now: d.now(), Actor: desk.Actor{Door: "kiosk", ID: deviceOf(c).ID}}
}

// checkOut lends to the child of the session. The time of the act is ours: the kiosk has just spoken to us, and its clock may be wrong.
func (d *Door) checkOut(c *echo.Context) error {
	var body actBody
	if err := read(c, &body); err != nil {
		return err
	}
	patron, err := d.patronOf(c, body.Session)
	if err != nil {
		return err
	}
	lent, err := desk.CheckOut(d.app, desk.CheckOutRequest{Act: d.act(c, body.Key), PatronID: patron.ID, Item: body.Item})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, struct {
		Title string     `json:"title"`
		Due   policy.Day `json:"due"`
		Left  *int       `json:"left"`
	}{lent.Item.TitleName, lent.Due, lent.Left})
}

// takeBack accepts a return where the librarian allows it, and never tells who had the item.
func (d *Door) takeBack(c *echo.Context) error {
	var body actBody
	if err := read(c, &body); err != nil {
		return err
	}
	settings, err := settingsOf(deviceOf(c))
	if err != nil {
		return err
	}
	if !settings.Returns {
		return seeLibrarian
	}
	returned, err := desk.Return(d.app, desk.ReturnRequest{Act: d.act(c, body.Key), Item: body.Item})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"title": returned.Item.TitleName})
}
