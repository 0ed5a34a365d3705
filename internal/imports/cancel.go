package imports

import (
	"carrel/collections"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
)

// Cancel ends the applying of an import between two transactions. Apply goes on with it, Undo takes back what was done. One that has stopped already
// stays as it is. The codes are fault.NotFound and fault.Conflict (wrong_state).
func (r *Runner) Cancel(id string) (collections.Import, error) {
	return r.change(id, false, func(imp collections.Import) error {
		switch imp.State {
		case collections.ImportStopped:
			return nil
		case collections.ImportRunning:
		default:
			return wrongState("imports.Cancel", imp)
		}
		if now := r.current.Load(); now != nil && now.id == id {
			now.cancel()
			<-now.ended
			again, err := Find(r.app, id)
			if err != nil || again.State != collections.ImportRunning { // it was done before it heard
				return err
			}
		}
		why, err := asJSON(say.T("imports.cancelled"))
		if err != nil {
			return err
		}
		return set(r.app, id, dbx.Params{"state": collections.ImportStopped, "error": why})
	})
}
