package bench

import (
	"math/rand/v2"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/desk"
	"carrel/internal/policy"
	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/core"
)

// oldLibrary makes a library in which so much was lent that it has as many facts as wanted, on half as many items again as the school has. It is made once.
func (b *bench) oldLibrary() (dir string, err error) {
	if b.old != "" {
		return b.old, nil
	}
	if dir, err = b.library("old"); err != nil {
		return dir, err
	}
	file := b.path("old.mrc")
	more, err := b.writeRecords(file, "O", b.sizes.records/2)
	if err != nil {
		return dir, err
	}
	if _, err := b.carrel(dir, "import", "titles", file); err != nil {
		return dir, err
	}
	err = inside(dir, func(app core.App) error { return b.lendForYears(app, append(slices.Clip(b.barcodes), more...)) })
	b.old = dir
	return dir, err
}

// lendForYears lends every item again and again, a month each time, until there are enough facts.
func (b *bench) lendForYears(app core.App, barcodes []string) error {
	items, err := idsBy(app, collections.Items)
	if err != nil {
		return err
	}
	patrons, err := idsBy(app, collections.Patrons)
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
	random := rand.New(rand.NewPCG(3, 3)) //nolint:gosec // the same library each time
	out := map[string]bool{}
	for facts, month := 0, time.Now().AddDate(-20, 0, 0); facts < b.sizes.facts; month = month.AddDate(0, 1, 0) {
		for _, code := range barcodes {
			if facts >= b.sizes.facts || b.ctx.Err() != nil {
				break
			}
			if out[code] {
				continue
			}
			past := pastLoan(items[code], patrons[patronCode(random.IntN(b.sizes.patrons))], month, random)
			if err := bulk.Do(func(b *store.Bulk) error { return history.Add(b, past) }); err != nil {
				return err
			}
			facts += 1 + len(past.Renewals)
			if out[code] = past.ReturnedAt.IsZero(); !out[code] {
				facts++
			}
		}
		if b.ctx.Err() != nil {
			return b.ctx.Err()
		}
	}
	if err := bulk.Flush(); err != nil {
		return err
	}
	return catalog.CountAllAvailable(app)
}

// pastLoan is a loan of a week or two that begins within two weeks. A third of them are renewed, and one of two hundred never ends.
func pastLoan(item, patron string, month time.Time, random *rand.Rand) desk.Past {
	at := month.Add(time.Duration(random.IntN(14*24*60)) * time.Minute)
	due := policy.DayOf(at, time.Local) + 7
	past := desk.Past{Item: item, Patron: patron, PatronType: "student", Grade: "4", Homeroom: "Room 4", OutAt: at, Due: due}
	if random.IntN(3) == 0 {
		past.Renewals = []desk.PastRenewal{{At: at.AddDate(0, 0, 6), Due: due + 7}}
	}
	if random.IntN(200) > 0 {
		past.ReturnedAt = at.AddDate(0, 0, 7+random.IntN(7))
	}
	return past
}
