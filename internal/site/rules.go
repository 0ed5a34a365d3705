package site

import (
	"fmt"

	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Rules reads the matrix of loan rules. A row that merely contradicts itself is taken as it is, since the desk has to go on; SaveRule
// refuses it when somebody next changes it.
func Rules(app core.App) (policy.Rules, error) {
	rows, err := storedRules(app)
	if err != nil {
		return nil, err
	}
	rules := make(policy.Rules, 0, len(rows))
	for _, row := range rows {
		terms, err := row.terms()
		if err != nil {
			return nil, err
		}
		rules = append(rules, policy.Rule{
			ID: row.ID, PatronType: row.PatronType, ItemType: row.ItemType, PatronName: row.PatronName, ItemName: row.ItemName, Terms: terms,
		})
	}
	return rules, nil
}

// storedRule is a row with the codes and names of its types.
type storedRule struct {
	ID         string        `db:"id"`
	PatronType string        `db:"patron_type"`
	ItemType   string        `db:"item_type"`
	PatronCode string        `db:"patron_code"`
	ItemCode   string        `db:"item_code"`
	PatronName string        `db:"patron_name"`
	ItemName   string        `db:"item_name"`
	Terms      types.JSONRaw `db:"terms"`
}

// storedRules reads the rows, the most specific first.
func storedRules(app core.App) (rows []storedRule, err error) {
	err = app.DB().NewQuery(`SELECT r.id, r.patron_type, r.item_type, r.terms, COALESCE(p.code, '') AS patron_code, COALESCE(i.code, '') AS item_code,
			COALESCE(p.name, '') AS patron_name, COALESCE(i.name, '') AS item_name
		FROM loan_rules r LEFT JOIN patron_types p ON p.id = r.patron_type LEFT JOIN item_types i ON i.id = r.item_type
		ORDER BY 2 * (r.item_type != '') + (r.patron_type != '') DESC, item_code, patron_code, r.id`).All(&rows)
	return rows, err
}

func (r storedRule) terms() (policy.Terms, error) {
	terms, err := policy.ReadTerms(r.Terms)
	if err != nil {
		return terms, fmt.Errorf("loan rule %s: %w", r.ID, err)
	}
	return terms, nil
}
