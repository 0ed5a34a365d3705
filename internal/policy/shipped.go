package policy

import (
	"bytes"
	_ "embed"
	"encoding/json"
)

//go:embed shipped.json
var shippedJSON []byte

// ShippedRule is one row of the rules a new school starts from. The scopes are codes of types, not ids.
type ShippedRule struct {
	PatronType string `json:"patron_type"`
	ItemType   string `json:"item_type"`
	Terms      Terms  `json:"terms"`
}

// Shipped are the rules a school of this level starts from: "K-5", "6-8" or "9-12". They charge no fees.
func Shipped(level string) ([]ShippedRule, bool) {
	var levels map[string][]ShippedRule
	decoder := json.NewDecoder(bytes.NewReader(shippedJSON))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&levels); err != nil {
		panic("policy: shipped.json: " + err.Error()) // built in; a test reads it
	}
	rules, ok := levels[level]
	return rules, ok
}
