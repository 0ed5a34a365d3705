package site

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// SetupSteps are the steps of the wizard that sets a library up, in order.
var SetupSteps = []string{"school", "calendar", "books", "students", "cards", "kiosk"}

// Setup is how far the wizard has come. It can be left at any step and taken up again.
type Setup struct {
	Done     []string `json:"done"`
	Skipped  []string `json:"skipped"`
	At       string   `json:"at"` // the step to go on with; empty when finished
	Finished bool     `json:"finished"`
}

const setupKey = "setup"

// finished is a library that no wizard set up, as the command line makes one: there is nothing to go on with.
func finished() Setup { return Setup{Done: []string{}, Skipped: []string{}, Finished: true} }

// LoadSetup reads how far the wizard has come.
func LoadSetup(app core.App) (Setup, error) { return loadSetting(app, setupKey, finished()) }

// BeginSetup starts the wizard at its first step.
func BeginSetup(app core.App) error {
	_, err := SaveSetup(app, Setup{})
	return err
}

// SaveSetup keeps how far the wizard has come, each step once and in order; one that was done after all is not skipped. Without a step to go on with it is the
// first that was neither done nor skipped, and when there is none the wizard is finished. The code is fault.Invalid at "done", "skipped" or "at".
func SaveSetup(app core.App, setup Setup) (Setup, error) {
	for _, named := range []struct {
		field string
		steps []string
	}{{"done", setup.Done}, {"skipped", setup.Skipped}, {"at", []string{setup.At}}} {
		for _, step := range named.steps {
			if !slices.Contains(SetupSteps, step) && (named.field != "at" || step != "") {
				return setup, unfit(named.field, "site.setup_step", step)
			}
		}
	}
	kept := Setup{Done: []string{}, Skipped: []string{}, At: setup.At, Finished: setup.Finished}
	for _, step := range SetupSteps {
		switch {
		case slices.Contains(setup.Done, step):
			kept.Done = append(kept.Done, step)
		case slices.Contains(setup.Skipped, step):
			kept.Skipped = append(kept.Skipped, step)
		case kept.At == "":
			kept.At = step
		}
	}
	if kept.Finished || kept.At == "" {
		kept.At, kept.Finished = "", true
	}
	return kept, saveSetting(app, setupKey, kept)
}
