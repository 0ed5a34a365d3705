package hooks

import (
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

func (d *Door) school(e *core.RequestEvent) error {
	school, err := site.Load(e.App)
	if err != nil {
		return err
	}
	return ok(e, struct {
		site.School
		Zones []string `json:"zones"`
	}{school, site.Zones})
}

// saveSchool changes what the body names and leaves the rest.
func (d *Door) saveSchool(e *core.RequestEvent) error {
	school, err := site.Load(e.App)
	if err != nil {
		return err
	}
	if err := read(e, &school); err != nil {
		return err
	}
	if school, err = site.SaveSchool(e.App, school); err != nil {
		return err
	}
	return ok(e, school)
}

// setupSteps tells how far the wizard has come.
func (d *Door) setupSteps(e *core.RequestEvent) error {
	steps, err := site.LoadSetup(e.App)
	if err != nil {
		return err
	}
	return ok(e, steps)
}

// saveSetupSteps changes what the body names; without at, a wizard that is not finished goes on with the first step that is left.
func (d *Door) saveSetupSteps(e *core.RequestEvent) error {
	steps, err := site.LoadSetup(e.App)
	if err != nil {
		return err
	}
	steps.At = ""
	if err := read(e, &steps); err != nil {
		return err
	}
	if steps, err = site.SaveSetup(e.App, steps); err != nil {
		return err
	}
	return ok(e, steps)
}
