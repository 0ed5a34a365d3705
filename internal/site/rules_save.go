package site

import (
	"encoding/json"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// RuleRow is one row of the rule matrix as staff see it. An empty type is every one.
type RuleRow struct {
	ID         string       `json:"id"`
	PatronType string       `json:"patron_type"` // code
	ItemType   string       `json:"item_type"`   // code
	PatronName string       `json:"patron_name"`
	ItemName   string       `json:"item_name"`
	Terms      policy.Terms `json:"terms"`
}

// ListRules reads the matrix, the most specific rows first: that is the order in which they decide.
func ListRules(app core.App) ([]RuleRow, error) {
	stored, err := storedRules(app)
	if err != nil {
		return nil, err
	}
	rows := make([]RuleRow, 0, len(stored))
	for _, row := range stored {
		terms, err := row.terms()
		if err != nil {
			return nil, err
		}
		rows = append(rows, RuleRow{
			ID: row.ID, PatronType: row.PatronCode, ItemType: row.ItemCode, PatronName: row.PatronName, ItemName: row.ItemName, Terms: terms,
		})
	}
	return rows, nil
}

// SaveRule keeps a new row, or with an id changes one; the names are read, never written. The codes are fault.Invalid at "patron_type",
// at "item_type" or at the JSON name of a value, fault.NotFound (unknown id) and fault.Conflict (the site's own row keeps its scope).
func SaveRule(app core.App, row RuleRow) (RuleRow, error) {
	err := app.RunInTransaction(func(app core.App) error {
		rule, err := scoped(app, &row)
		if err != nil {
			return err
		}
		if err := checkRule(app, rule); err != nil {
			return err
		}
		rule, err = put(app, rule.ID, rule)
		row.ID = rule.ID
		return err
	})
	return row, err
}

// scoped is the row as it is stored. It fills in the names.
func scoped(app core.App, row *RuleRow) (rule collections.LoanRule, err error) {
	patronType, err := typeCalled(app, collections.PatronTypes, row.PatronType)
	if err != nil {
		return rule, err
	}
	itemType, err := typeCalled(app, collections.ItemTypes, row.ItemType)
	if err != nil {
		return rule, err
	}
	if row.PatronType != "" && patronType.ID == "" {
		return rule, unfit("patron_type", "site.unknown_patron_type", row.PatronType)
	}
	if row.ItemType != "" && itemType.ID == "" {
		return rule, unfit("item_type", "site.unknown_item_type", row.ItemType)
	}
	row.PatronType, row.PatronName, row.ItemType, row.ItemName = patronType.Code, patronType.Name, itemType.Code, itemType.Name
	terms, err := json.Marshal(row.Terms)
	return collections.LoanRule{ID: row.ID, PatronType: patronType.ID, ItemType: itemType.ID, Terms: terms}, err
}

// checkRule refuses a row that is wrong in itself or has the scope of another one. The other rows are not looked into: one that is
// wrong must not stand in the way of mending a second.
func checkRule(app core.App, rule collections.LoanRule) error {
	terms, err := policy.ParseTerms(rule.Terms)
	if err != nil {
		return err
	}
	stored, err := collections.All[collections.LoanRule](app, "", "", nil)
	if err != nil {
		return err
	}
	var rules policy.Rules
	for _, other := range stored {
		if other.ID != rule.ID {
			rules = append(rules, policy.Rule{PatronType: other.PatronType, ItemType: other.ItemType})
			continue
		}
		if wholeSite(other) && !wholeSite(rule) {
			return fault.New("site.SaveRule", fault.Conflict, "site.own_row_stays")
		}
	}
	patronType, _, err := collections.Find[collections.PatronType](app, "id = {:id}", dbx.Params{"id": rule.PatronType})
	if err != nil {
		return err
	}
	itemType, _, err := collections.Find[collections.ItemType](app, "id = {:id}", dbx.Params{"id": rule.ItemType})
	if err != nil {
		return err
	}
	return append(rules, policy.Rule{
		PatronType: rule.PatronType, ItemType: rule.ItemType, PatronName: patronType.Name, ItemName: itemType.Name, Terms: terms,
	}).Validate()
}

func wholeSite(rule collections.LoanRule) bool { return rule.PatronType == "" && rule.ItemType == "" }

// DeleteRule takes a row away. The codes are fault.NotFound and fault.Conflict (the site's own row, which everything falls back on).
func DeleteRule(app core.App, id string) error {
	return app.RunInTransaction(func(app core.App) error {
		record, err := find(app, collections.LoanRules, id)
		if err != nil {
			return err
		}
		if err := checkRuleDelete(app, record); err != nil {
			return err
		}
		return app.Delete(record)
	})
}

func checkRuleDelete(_ core.App, record *core.Record) error {
	if wholeSite(collections.LoanRule{PatronType: record.GetString("patron_type"), ItemType: record.GetString("item_type")}) {
		return fault.New("site.DeleteRule", fault.Conflict, "site.own_row_stays")
	}
	return nil
}
