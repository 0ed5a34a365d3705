package site

import (
	"fmt"

	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Rules reads the matrix of loan rules.
func Rules(app core.App) (policy.Rules, error) {
	var rows []struct {
		ID         string        `db:"id"`
		PatronType string        `db:"patron_type"`
		ItemType   string        `db:"item_type"`
		PatronName string        `db:"patron_name"`
		ItemName   string        `db:"item_name"`
		Terms      types.JSONRaw `db:"terms"`
	}
	err := app.DB().NewQuery(`SELECT r.id, r.patron_type, r.item_type, r.terms, COALESCE(p.name, '') AS patron_name, COALESCE(i.name, '') AS item_name
		FROM loan_rules r LEFT JOIN patron_types p ON p.id = r.patron_type LEFT JOIN item_types i ON i.id = r.item_type ORDER BY r.id`).All(&rows)
	if err != nil {
		return nil, err
	}
	rules := make(policy.Rules, 0, len(rows))
	for _, row := range rows {
		terms, err := policy.ParseTerms(row.Terms)
		if err != nil {
			return nil, fmt.Errorf("loan rule %s: %w", row.ID, err)
		}
		rules = append(rules, policy.Rule{
			ID: row.ID, PatronType: row.PatronType, ItemType: row.ItemType, PatronName: row.PatronName, ItemName: row.ItemName, Terms: terms,
		})
	}
	return rules, nil
}
