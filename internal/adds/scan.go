package adds

import (
	"regexp"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/fault"
	"carrel/internal/isbn"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// maxCode is what is kept of a scanned code, in characters.
const maxCode = 120

// Scan keeps one scan. Whatever the code is, it is kept: one that is no ISBN needs a person and says why. The same key again answers the same row. The
// codes are fault.Invalid (isbn is empty) and fault.Conflict (key_reused).
func Scan(app core.App, key, code, staff string, now time.Time) (add collections.Add, err error) {
	const op = "adds.Scan"
	code = tidy(code)
	if code == "" {
		return add, fault.New(op, fault.Invalid, "adds.nothing_scanned").At("isbn")
	}
	err = app.RunInTransaction(func(app core.App) error {
		before, again, err := collections.Find[collections.Add](app, "key = {:key}", dbx.Params{"key": key})
		if err != nil {
			return err
		}
		if again && before.Code != code {
			return fault.New(op, fault.Conflict, "desk.key_reused").Named("key_reused").At("key")
		}
		if again {
			add = before
			return nil
		}
		at, err := types.ParseDateTime(now)
		if err != nil {
			return err
		}
		fresh := row{Add: collections.Add{Key: key, Code: code, Scanned: at, Staff: staff, State: collections.AddNew}}
		if fresh.ISBN, fresh.why, err = numberIn(app, code); err != nil {
			return err
		}
		if err := fresh.begin(app); err != nil {
			return err
		}
		add, err = collections.Insert(app, fresh.Add)
		return err
	})
	return add, err
}

// begin gives a new row its first state. A further copy of a book that waits for its turn has what is known of the first.
func (r *row) begin(app core.App) error {
	if r.ISBN == "" {
		r.State = collections.AddNeeds
	} else {
		first, found, err := collections.Find[collections.Add](app, "isbn = {:isbn} AND item = '' AND state NOT IN ('new', 'needs') ORDER BY scanned, id", dbx.Params{"isbn": r.ISBN})
		if err != nil {
			return err
		}
		if found {
			r.State, r.Found, r.Tried, r.Chosen, r.CallNumber = first.State, first.Found, first.Tried, first.Chosen, first.CallNumber
			return nil
		}
	}
	data, err := marshal(r.why)
	r.Why = data
	return err
}

// tidy takes blanks and control characters off the ends and cuts what no scanner sends.
func tidy(code string) string {
	code = strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(code, ""))
	code = strings.Join(strings.Fields(code), " ")
	if runes := []rune(code); len(runes) > maxCode {
		code = string(runes[:maxCode])
	}
	return code
}

var (
	bookCode  = regexp.MustCompile(`^97[89]\d{10}(\d{2}|\d{5})?$`) // with the price's add-on, if the scanner sends both as one
	shortCode = regexp.MustCompile(`^\d{9}[\dXx]$`)
	addOn     = regexp.MustCompile(`^(\d{2}|\d{5})$`)
	shopCode  = regexp.MustCompile(`^\d{8}$|^\d{12,13}$`)
	between   = strings.NewReplacer(" ", "", "-", "", "‐", "", "‑", "", "–", "")
)

// numberIn is the ISBN in a scanned code, else why there is none. A label of our own comes before an old ISBN: one number of ten digits in eleven looks
// like one.
func numberIn(app core.App, code string) (number string, why say.Text, err error) {
	for _, form := range append(barcode.Forms(code), code) {
		digits := digitsOf(form)
		if bookCode.MatchString(digits) {
			if found, ok := isbn.Parse(digits[:13]); ok && found.Valid {
				return found.Text, why, nil
			}
			return "", say.T("adds.wrong_digit"), nil
		}
	}
	title, known, err := itemOf(app, code)
	if err != nil || known {
		return "", say.T("adds.is_item", title), err
	}
	if found, ok := isbn.Parse(digitsOf(code)); ok && found.Valid && shortCode.MatchString(digitsOf(code)) {
		return found.Text, why, nil
	}
	return "", whyNot(code), nil
}

// digitsOf is a code without what people write in and before an ISBN.
func digitsOf(code string) string {
	digits := between.Replace(strings.TrimPrefix(strings.ToLower(code), "isbn"))
	return strings.TrimPrefix(digits, ":")
}

// whyNot says what a code is that is no ISBN.
func whyNot(code string) say.Text {
	digits := digitsOf(code)
	switch {
	case addOn.MatchString(digits):
		return say.T("adds.is_price")
	case shopCode.MatchString(digits):
		return say.T("adds.is_shop_code")
	case shortCode.MatchString(digits):
		return say.T("adds.wrong_digit")
	}
	return say.T("adds.no_isbn")
}

// itemOf is the title of the item that has this barcode.
func itemOf(app core.App, code string) (title string, known bool, err error) {
	var titles []string
	err = app.DB().NewQuery("SELECT COALESCE(titles.title, '') FROM items LEFT JOIN titles ON titles.id = items.title WHERE items.barcode = {:code} LIMIT 1").
		Bind(dbx.Params{"code": code}).Column(&titles)
	if len(titles) > 0 {
		return titles[0], true, err
	}
	return "", false, err
}
