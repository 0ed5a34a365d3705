package hooks

import (
	"regexp"

	"carrel/internal/fault"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

func (d *Door) fees(e *core.RequestEvent) error {
	fees, err := site.LoadFees(e.App)
	if err != nil {
		return err
	}
	return ok(e, fees)
}

var currency = regexp.MustCompile("^[A-Z]{3}$")

// saveFees changes what the body names and leaves the rest.
func (d *Door) saveFees(e *core.RequestEvent) error {
	fees, err := site.LoadFees(e.App)
	if err != nil {
		return err
	}
	if err := read(e, &fees); err != nil {
		return err
	}
	if !currency.MatchString(fees.Currency) {
		return fault.New("hooks.saveFees", fault.Invalid, "door.bad_currency").At("currency")
	}
	if err := site.SaveFees(e.App, fees); err != nil {
		return err
	}
	return ok(e, fees)
}

func (d *Door) privacy(e *core.RequestEvent) error {
	privacy, err := site.LoadPrivacy(e.App)
	if err != nil {
		return err
	}
	return ok(e, privacy)
}

// maxKeepDays is how long a loan may stay linked at most, in days: a school year.
const maxKeepDays = 366

// savePrivacy changes what the body names and leaves the rest.
func (d *Door) savePrivacy(e *core.RequestEvent) error {
	privacy, err := site.LoadPrivacy(e.App)
	if err != nil {
		return err
	}
	if err := read(e, &privacy); err != nil {
		return err
	}
	if privacy.KeepDays < 0 || privacy.KeepDays > maxKeepDays {
		return fault.New("hooks.savePrivacy", fault.Invalid, "door.bad_keep_days", maxKeepDays).At("keep_days")
	}
	if err := site.SavePrivacy(e.App, privacy); err != nil {
		return err
	}
	return ok(e, privacy)
}
