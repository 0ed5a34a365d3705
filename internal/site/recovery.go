package site

import (
	"crypto/subtle"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Recovery is what is kept of the school's recovery codes: never the codes themselves.
type Recovery struct {
	Made   time.Time `json:"made"` // zero when there are none
	Hashes []string  `json:"hashes"`
}

const recoveryKey = "recovery"

// LoadRecovery reads it.
func LoadRecovery(app core.App) (Recovery, error) { return loadSetting(app, recoveryKey, Recovery{}) }

// SaveRecovery keeps it.
func SaveRecovery(app core.App, recovery Recovery) error {
	return saveSetting(app, recoveryKey, recovery)
}

// Take uses a code up; false when there is none with this hash.
func (r *Recovery) Take(hash string) bool {
	at := slices.IndexFunc(r.Hashes, func(kept string) bool { return subtle.ConstantTimeCompare([]byte(kept), []byte(hash)) == 1 })
	if at < 0 {
		return false
	}
	r.Hashes = slices.Delete(slices.Clone(r.Hashes), at, at+1)
	return true
}
