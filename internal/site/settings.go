package site

import (
	"encoding/json"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Fees says whether the library charges money at all. It does not unless somebody switched it on.
type Fees struct {
	On       bool   `json:"on"`
	Currency string `json:"currency"` // ISO 4217
}

// Privacy says how long a loan that is over still names its patron.
type Privacy struct {
	KeepDays int  `json:"keep_days"` // after return, for disputes
	Titles   bool `json:"titles"`    // whether teachers see titles of their homeroom, where the law allows it
}

// The settings by key, with what holds until a school decides.
const (
	schoolKey  = "school"
	feesKey    = "fees"
	privacyKey = "privacy"
)

var (
	noFees         = Fees{Currency: "USD"}
	defaultPrivacy = Privacy{KeepDays: 14}
)

// loadSetting reads a setting over the given default.
func loadSetting[V any](app core.App, key string, value V) (V, error) {
	setting, ok, err := collections.Find[collections.Setting](app, "key = {:key}", dbx.Params{"key": key})
	if err != nil || !ok {
		return value, err
	}
	return value, json.Unmarshal(setting.Value, &value)
}

func saveSetting(app core.App, key string, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	setting, ok, err := collections.Find[collections.Setting](app, "key = {:key}", dbx.Params{"key": key})
	if err != nil {
		return err
	}
	setting.Key, setting.Value = key, types.JSONRaw(data)
	if ok {
		return collections.Update(app, setting)
	}
	_, err = collections.Insert(app, setting)
	return err
}

// LoadFees reads whether the library charges money.
func LoadFees(app core.App) (Fees, error) { return loadSetting(app, feesKey, noFees) }

// SaveFees keeps it.
func SaveFees(app core.App, fees Fees) error { return saveSetting(app, feesKey, fees) }

// LoadPrivacy reads how long loans stay linked.
func LoadPrivacy(app core.App) (Privacy, error) { return loadSetting(app, privacyKey, defaultPrivacy) }

// SavePrivacy keeps it.
func SavePrivacy(app core.App, privacy Privacy) error { return saveSetting(app, privacyKey, privacy) }
