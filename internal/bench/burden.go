package bench

import (
	"fmt"
	"time"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/desk"
	"carrel/internal/policy"
	"carrel/internal/site"
	"carrel/internal/store"
	"carrel/internal/words"

	"github.com/pocketbase/pocketbase/core"
)

// What burdens a check-out: rules for every pair of so many types of patrons and items, and what every patron has out and must not have.
const (
	patronTypes = 9
	itemTypes   = 19
	ruleRows    = (patronTypes + 1) * (itemTypes + 1) // with the rows for any patron and any item
	loansEach   = 30
)

// wishes are what a family asked for, besides three titles.
var wishes = []collections.Restriction{
	{Mode: policy.RestrictDeny, Scope: policy.RestrictTag, Value: "Halloween"},
	{Mode: policy.RestrictDeny, Scope: policy.RestrictTag, Value: "World War II"},
	{Mode: policy.RestrictAsk, Scope: policy.RestrictTag, Value: "Magic"},
	{Mode: policy.RestrictDeny, Scope: policy.RestrictAuthor, Value: "Dr. Seuss"},
	{Mode: policy.RestrictDeny, Scope: policy.RestrictAuthor, Value: "Judy Blume"},
	{Mode: policy.RestrictDeny, Scope: policy.RestrictSeries, Value: "Harry Potter"},
	{Mode: policy.RestrictDeny, Scope: policy.RestrictSeries, Value: "Magic School Bus"},
}

// unwishedTitles are ids of titles that every family denies.
const unwishedTitles = "SELECT id FROM titles ORDER BY title, id LIMIT 3"

// restrictionsEach is how many wishes each family has.
var restrictionsEach = len(wishes) + 3

// lendable are barcodes of what no wish stands against.
const lendable = `SELECT items.barcode FROM items JOIN titles ON titles.id = items.title JOIN search_doc ON search_doc.title_id = titles.id
	WHERE items.title NOT IN (` + unwishedTitles + `) AND titles.author NOT LIKE 'Seuss%' AND titles.author NOT LIKE 'Blume%'
	AND titles.series NOT LIKE 'Harry Potter%' AND titles.series NOT LIKE '%Magic School Bus%'
	AND search_doc.id NOT IN (SELECT rowid FROM search_fts WHERE search_fts MATCH 'subjects : (halloween OR magic OR "world war ii")')
	ORDER BY items.barcode`

// burden gives a library its rules, and the asked patrons their restrictions and loans. It answers the barcodes that are left to be lent to them.
func (b *bench) burden(app core.App) (left []string, err error) {
	if err := app.DB().NewQuery(lendable).Column(&left); err != nil {
		return nil, err
	}
	patrons, err := idsBy(app, collections.Patrons)
	if err != nil {
		return nil, err
	}
	asked := make([]string, b.sizes.asked)
	for i := range asked {
		asked[i] = patrons[patronCode(i)]
	}
	if len(left) < len(asked)*(loansEach+1) {
		return nil, fmt.Errorf("%d items are too few for %d patrons", len(left), len(asked))
	}
	if err := makeRules(app); err != nil {
		return nil, err
	}
	if err := restrict(app, asked); err != nil {
		return nil, err
	}
	given := len(asked) * loansEach
	return left[given:], giveLoans(app, asked, left[:given])
}

// makeRules fills the matrix. A row that is there already, as the site's own is, stays.
func makeRules(app core.App) error {
	patrons, err := typeCodes(app, collections.PatronTypes, patronTypes, func(code string) error {
		_, err := site.SavePatronType(app, collections.PatronType{Code: code})
		return err
	})
	if err != nil {
		return err
	}
	items, err := typeCodes(app, collections.ItemTypes, itemTypes, func(code string) error {
		_, err := site.SaveItemType(app, collections.ItemType{Code: code})
		return err
	})
	if err != nil {
		return err
	}
	for i, patron := range patrons {
		for j, item := range items {
			if patron == "" && item == "" {
				continue
			}
			if _, err := site.SaveRule(app, site.RuleRow{PatronType: patron, ItemType: item, Terms: terms(i, j)}); err != nil {
				return err
			}
		}
	}
	rules, err := site.Rules(app)
	if err == nil && len(rules) != ruleRows {
		err = fmt.Errorf("there are %d rules, not %d", len(rules), ruleRows)
	}
	return err
}

// typeCodes are the codes of so many types, behind the empty one for any; those that are missing are made.
func typeCodes(app core.App, collection string, n int, save func(code string) error) ([]string, error) {
	codes := []string{}
	if err := app.DB().Select("code").From(collection).OrderBy("code").Limit(int64(n)).Column(&codes); err != nil {
		return nil, err
	}
	for i := len(codes); i < n; i++ {
		code := fmt.Sprintf("kind %d", i)
		if err := save(code); err != nil {
			return nil, err
		}
		codes = append(codes, code)
	}
	return append([]string{""}, codes...), nil
}

// terms are two to four values of a row, by the places of its types. They refuse nobody.
func terms(patron, item int) policy.Terms {
	number := func(n int) *int { return &n }
	t := policy.Terms{LoanDays: number(7 + patron + item), RenewalLimit: number(1 + item%3)}
	if item == 0 {
		t.LoanLimit, t.OverdueLimit = number(40+patron), number(3)
		return t
	}
	t.TypeLimit = number(40 + patron)
	if item%2 == 0 {
		mode := policy.DueSkipClosed
		t.DueMode = &mode
	}
	return t
}

func restrict(app core.App, patrons []string) error {
	var titles []string
	if err := app.DB().NewQuery(unwishedTitles).Column(&titles); err != nil {
		return err
	}
	return app.RunInTransaction(func(app core.App) error {
		for _, patron := range patrons {
			for _, title := range titles {
				wish := collections.Restriction{Patron: patron, Mode: policy.RestrictDeny, Scope: policy.RestrictTitle, Title: title}
				if _, err := collections.Insert(app, wish); err != nil {
					return err
				}
			}
			for _, wish := range wishes {
				wish.Patron, wish.Folded = patron, words.Fold(wish.Value)
				if _, err := collections.Insert(app, wish); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// giveLoans lends the same number of items to each patron, a few days ago.
func giveLoans(app core.App, patrons, barcodes []string) error {
	items, err := idsBy(app, collections.Items)
	if err != nil {
		return err
	}
	history, err := desk.NewHistory(app, time.Now())
	if err != nil {
		return err
	}
	bulk, err := store.NewBulk(app, false)
	if err != nil {
		return err
	}
	defer bulk.Abort()
	at := time.Now().AddDate(0, 0, -3)
	for i, code := range barcodes {
		past := desk.Past{
			Item: items[code], Patron: patrons[i%len(patrons)], PatronType: "student", Grade: "4", Homeroom: "Room 4",
			OutAt: at, Due: policy.DayOf(at, time.Local) + 21,
		}
		if err := bulk.Do(func(b *store.Bulk) error { return history.Add(b, past) }); err != nil {
			return err
		}
	}
	if err := bulk.Flush(); err != nil {
		return err
	}
	return catalog.CountAllAvailable(app)
}
