package hooks

import (
	"encoding/json"

	"carrel/collections"

	"github.com/pocketbase/pocketbase/core"
)

// jobAnswer is one run of what the library does by itself.
type jobAnswer struct {
	Job     string          `json:"job"`
	Slot    string          `json:"slot"` // the day
	State   string          `json:"state"`
	Started string          `json:"started"`
	Ended   string          `json:"ended,omitempty"`
	Error   string          `json:"error,omitempty"`
	Summary json.RawMessage `json:"summary,omitempty"`
}

// jobsShown is about a week of every job.
const jobsShown = 60

// jobs lists the last runs, the newest first.
func (d *Door) jobs(e *core.RequestEvent) error {
	var rows []collections.JobRun
	err := e.App.DB().Select("*").From(collections.JobRuns).OrderBy("started DESC", "job").Limit(jobsShown).All(&rows)
	if err != nil {
		return err
	}
	answers := make([]jobAnswer, 0, len(rows))
	for _, run := range rows {
		answers = append(answers, jobAnswer{
			run.Job, run.Slot, run.State, rfc3339(run.Started.Time()), rfc3339(run.Ended.Time()), run.Error, json.RawMessage(run.Summary),
		})
	}
	return ok(e, map[string]any{"runs": answers})
}
