package site

import (
	"reflect"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Shipped is what ApplyShipped did to the rows.
type Shipped struct {
	Added     int      `json:"added"`
	Replaced  int      `json:"replaced"`
	Kept      int      `json:"kept"` // rows of the school's own that differ and were left as they are
	Unchanged int      `json:"unchanged"`
	Types     []string `json:"types"` // codes of the patron and item types that were missing
}

// ApplyShipped brings in the rules a school of this level starts from ("K-5", "6-8" or "9-12"), with the types they speak of. A row of
// the school's own with the same scope gives way only when replace is true; rows of other scopes stay. fault.Invalid at "level".
func ApplyShipped(app core.App, level string, replace bool) (done Shipped, err error) {
	rules, ok := policy.Shipped(level)
	if !ok {
		return done, unfit("level", "site.unknown_level", level)
	}
	err = app.RunInTransaction(func(app core.App) error {
		done = Shipped{}
		school, err := Load(app)
		if err != nil {
			return err
		}
		if done.Types, err = addTypes(app, rules, school.Language); err != nil {
			return err
		}
		for _, rule := range rules {
			if err := done.apply(app, rule, replace); err != nil {
				return err
			}
		}
		return nil
	})
	return done, err
}

// addTypes makes the types that are missing, named in the school's language.
func addTypes(app core.App, rules []policy.ShippedRule, lang say.Lang) (added []string, err error) {
	for _, rule := range rules {
		patronType := collections.PatronType{Code: rule.PatronType, Name: typeName(rule.PatronType, lang)}
		if err := addMissing(app, patronType, patronType.Code, SavePatronType, &added); err != nil {
			return nil, err
		}
		itemType := collections.ItemType{Code: rule.ItemType, Name: typeName(rule.ItemType, lang)}
		if err := addMissing(app, itemType, itemType.Code, SaveItemType, &added); err != nil {
			return nil, err
		}
	}
	return added, nil
}

func addMissing[R collections.Record](app core.App, kind R, code string, save func(core.App, R) (R, error), added *[]string) error {
	if code == "" {
		return nil
	}
	known, err := typeCalled(app, kind.Collection(), code)
	if err != nil || known.ID != "" {
		return err
	}
	*added = append(*added, code)
	_, err = save(app, kind)
	return err
}

func typeName(code string, lang say.Lang) string { return say.T("site.type." + code).In(lang) }

func (s *Shipped) apply(app core.App, shipped policy.ShippedRule, replace bool) error {
	row := RuleRow{PatronType: shipped.PatronType, ItemType: shipped.ItemType, Terms: shipped.Terms}
	rule, err := scoped(app, &row)
	if err != nil {
		return err
	}
	stored, found, err := collections.Find[collections.LoanRule](app, "patron_type = {:patron} AND item_type = {:item}",
		dbx.Params{"patron": rule.PatronType, "item": rule.ItemType})
	if err != nil {
		return err
	}
	switch {
	case !found:
		s.Added++
	case sameTerms(stored.Terms, shipped.Terms):
		s.Unchanged++
		return nil
	case !replace:
		s.Kept++
		return nil
	default:
		s.Replaced++
		row.ID = stored.ID
	}
	_, err = SaveRule(app, row)
	return err
}

func sameTerms(stored []byte, terms policy.Terms) bool {
	read, err := policy.ReadTerms(stored)
	return err == nil && reflect.DeepEqual(read, terms)
}
