package year_test

import (
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/inventory"
	"carrel/internal/policy"
)

// The inventory takes a week, while circulation goes on.
var (
	countFrom = policy.Date(2027, 3, 15)
	countDays = 5
)

// count is an inventory under way.
type count struct {
	collections.Inventory
	started time.Time
	scanned map[*item]bool
	scans   int
	found   int // that had been given up
}

// takeStock walks along a part of the shelves every day of the week; on the last one it gives up what nobody has seen.
func (y *year) takeStock(c *count) *count {
	number := int(y.today - countFrom)
	if number < 0 || number >= countDays {
		return c
	}
	y.until(7, 50)
	if number == 0 {
		y.now = y.now.Add(time.Second)
		started, err := inventory.Start(y.app, inventory.Stretch{Name: "Spring"}, y.now)
		y.check(err)
		c = &count{Inventory: started, started: y.now, scanned: map[*item]bool{}}
		y.slipBack()
	}
	part := (len(y.books.items) + countDays - 1) / countDays
	for i := number * part; i < min((number+1)*part, len(y.books.items)); i++ {
		if it := y.books.items[i]; y.place[it] == onShelf {
			y.scan(c, it)
		}
	}
	return c
}

// slipBack puts on the shelf, unseen, some of what the library has given up.
func (y *year) slipBack() {
	for _, it := range slices.Clone(y.gone) {
		if it.status == collections.ItemMissing && y.chance(60) {
			y.place[it] = onShelf
			y.gone = slices.DeleteFunc(y.gone, func(other *item) bool { return other == it })
		}
	}
	for _, p := range y.books.people {
		for _, one := range slices.Clone(y.bags[p]) {
			if one.item.status == collections.ItemLost && y.chance(20) {
				y.take(one)
				y.place[one.item] = onShelf
			}
		}
	}
}

func (y *year) scan(c *count, it *item) {
	request := desk.ScanRequest{Act: y.act(aide), Inventory: c.ID, Code: it.code}
	scanned, err := desk.Scan(y.app, request)
	y.check(err)
	given := ""
	if it.status == collections.ItemMissing || it.status == collections.ItemLost {
		given = it.status
		c.found++
	}
	if scanned.Found != given || scanned.Out != (it.loan != nil) {
		y.Errorf("%s: the scan of %s found %q (out %v), by the ledger %q (out %v)", y.today, it.code, scanned.Found, scanned.Out, given, it.loan != nil)
	}
	y.did["scan"]++
	c.scans++
	c.scanned[it] = true
	y.books.scanned(it, request.At, request.Now)
}

// closeStock gives up what was not seen: once too early, then for good.
func (y *year) closeStock(c *count) {
	if c == nil || y.today != countFrom.Add(countDays-1) {
		return
	}
	y.until(16, 0)
	found, err := inventory.Report(y.app, c.ID)
	y.check(err)
	unseen, expected := y.unseen(c)
	if found.Scans != c.scans || len(found.Found) != c.found || len(found.NotSeen) != len(unseen) || found.Expected != expected ||
		found.Expected != found.Seen+found.Away+len(found.NotSeen) {
		y.Errorf("the inventory: %d scans, %d found, %d not seen, %d expected (%d seen, %d away); by the ledger %d, %d, %d, %d", found.Scans, len(found.Found),
			len(found.NotSeen), found.Expected, found.Seen, found.Away, c.scans, c.found, len(unseen), expected)
	}
	y.did["found_by_scan"] += c.found
	first := y.act(librarian)
	y.giveUp(c, first, unseen)
	y.now = y.now.Add(time.Minute)
	y.check(desk.Undo(y.app, first.Key, y.now, librarian))
	y.books.undo(y.now)
	y.giveUp(c, y.act(librarian), unseen)
	y.check(inventory.Close(y.app, c.ID, y.now))
	if _, err := desk.Scan(y.app, desk.ScanRequest{Act: y.act(aide), Inventory: c.ID, Code: y.books.items[0].code}); fault.CodeOf(err) != fault.Conflict {
		y.Errorf("a scan after the inventory was closed: %v", err)
	}
}

// unseen are the ids of the items that should have been on the shelf and that nobody saw, and how many items there should be.
func (y *year) unseen(c *count) (ids []string, expected int) {
	for _, it := range y.books.items {
		if it.status == collections.ItemMissing || it.status == collections.ItemLost || it.status == collections.ItemWithdrawn {
			continue
		}
		expected++
		if it.status == collections.ItemAvailable && it.loan == nil && y.books.keptFor(it) == nil && !c.scanned[it] && !it.handled.After(c.started) {
			ids = append(ids, it.id)
		}
	}
	slices.Sort(ids)
	return ids, expected
}

func (y *year) giveUp(c *count, act desk.Act, unseen []string) {
	marked, err := inventory.GiveUp(y.app, c.ID, unseen, act)
	y.check(err)
	slices.Sort(marked)
	if !slices.Equal(marked, unseen) {
		y.Errorf("the inventory gave up %d items, by the ledger %d", len(marked), len(unseen))
	}
	for _, it := range y.books.items {
		if slices.Contains(marked, it.id) {
			y.books.givenUp(it)
		}
	}
	y.did["given_up"] += len(marked)
}
