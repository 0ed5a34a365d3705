package hooks

import (
	"net/http"

	"carrel/collections"
	"carrel/internal/budget"

	"github.com/pocketbase/pocketbase/core"
)

type vendorAnswer struct {
	ID       string `json:"id"`
	Updated  string `json:"updated"`
	Name     string `json:"name"`
	Account  string `json:"account"`
	Email    string `json:"email"`
	Phone    string `json:"phone"`
	Address  string `json:"address"`
	Note     string `json:"note"`
	Discount int    `json:"discount"` // the usual one, in hundredths of a percent
}

func answerVendor(v collections.Vendor) vendorAnswer {
	return vendorAnswer{v.ID, v.Updated.String(), v.Name, v.Account, v.Email, v.Phone, v.Address, v.Note, v.Discount}
}

func (a vendorAnswer) vendor() collections.Vendor {
	return collections.Vendor{
		ID: a.ID, Name: a.Name, Account: a.Account, Email: a.Email, Phone: a.Phone, Address: a.Address, Note: a.Note, Discount: a.Discount,
	}
}

func (d *Door) vendors(e *core.RequestEvent) error {
	found, err := budget.Vendors(e.App)
	if err != nil {
		return err
	}
	answers := make([]vendorAnswer, 0, len(found))
	for _, vendor := range found {
		answers = append(answers, answerVendor(vendor))
	}
	return ok(e, map[string]any{"vendors": answers})
}

func (d *Door) addVendor(e *core.RequestEvent) error {
	var body struct {
		vendorAnswer
		Key string `json:"key"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	body.ID = ""
	saved, err := budget.SaveVendor(e.App, keyOf(e, body.Key), body.vendor())
	if err != nil {
		return err
	}
	return showVendor(e, http.StatusCreated, saved.ID)
}

func showVendor(e *core.RequestEvent, status int, id string) error {
	vendor, err := budget.VendorByID(e.App, id)
	if err != nil {
		return err
	}
	return e.JSON(status, map[string]any{"vendor": answerVendor(vendor)})
}

// changeVendor changes what the body names and leaves the rest.
func (d *Door) changeVendor(e *core.RequestEvent) error {
	was, err := budget.VendorByID(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	body := answerVendor(was)
	body.Updated = ""
	if err := read(e, &body); err != nil {
		return err
	}
	seen, err := seenAt(body.Updated)
	if err != nil {
		return err
	}
	body.ID = was.ID
	vendor := body.vendor()
	vendor.Updated = seen
	_, err = budget.SaveVendor(e.App, "", vendor)
	if since, changed := changedSince(err); changed {
		current, err := budget.VendorByID(e.App, was.ID)
		if err != nil {
			return err
		}
		return answerChanged(e, since, answerVendor(current))
	}
	if err != nil {
		return err
	}
	return showVendor(e, http.StatusOK, was.ID)
}
