package desk

import (
	"encoding/json"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/say"
)

// details is what a fact keeps besides its columns: enough to answer the same act again and to derive every state.
type details struct {
	Ask      string        `json:"ask,omitempty"` // what was asked for, in brief: the same key with another request is another act
	Due      policy.Day    `json:"due,omitzero"`
	Why      *say.Text     `json:"why,omitempty"`
	Override []policy.Code `json:"override,omitempty"`
	Reason   string        `json:"reason,omitempty"` // why staff did it, in their words
	Mode     string        `json:"mode,omitempty"`
	WasDue   policy.Day    `json:"was_due,omitzero"`
	Skipped  []skipped     `json:"skipped,omitempty"` // what an act of many could not do
	Undoes   string        `json:"undoes,omitempty"`
	DeviceAt *time.Time    `json:"device_at,omitempty"` // what a kiosk's own clock said about a replayed act

	Found  string `json:"found,omitempty"`  // the state the item was in before a scan found it
	Was    string `json:"was,omitempty"`    // the state of the item before this act
	Status string `json:"status,omitempty"` // and after it
	Claim  string `json:"claim,omitempty"`
	To     string `json:"to,omitempty"`   // the site an item was sent to
	Code   string `json:"code,omitempty"` // the barcode of a scan that no item answers to

	Title    string     `json:"title,omitempty"` // of a hold
	Wanted   string     `json:"wanted,omitempty"`
	Rank     float64    `json:"rank,omitempty"`
	PickupBy policy.Day `json:"pickup_by,omitzero"`

	Cents  int    `json:"cents,omitempty"`
	Charge string `json:"charge,omitempty"` // the reason of a charge
	Note   string `json:"note,omitempty"`
}

func detailsOf(fact collections.Fact) (d details, err error) {
	if len(fact.Data) == 0 {
		return d, nil
	}
	return d, json.Unmarshal(fact.Data, &d)
}
