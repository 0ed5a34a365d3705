package lookup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Box is what lies on the machine beside the catalogue: the files of vendors, and the records of the district.
type Box struct{ App core.App }

// BoxName is the box as a whole; each record names the file it is from.
const BoxName = "box"

// Name is how the box is called inside.
func (Box) Name() string { return BoxName }

// Find never asks anybody.
func (b Box) Find(_ context.Context, number string) (found []Found, err error) {
	var rows []struct{ Name, MARC string }
	err = b.App.DB().NewQuery(`SELECT pool.name AS name, pool_records.marc AS marc FROM pool_isbns
		JOIN pool_records ON pool_records.id = pool_isbns.record JOIN pool ON pool.id = pool_records.pool
		WHERE pool_isbns.isbn = {:isbn} ORDER BY pool.kind, pool.at DESC, pool_records.id LIMIT 8`).Bind(dbx.Params{"isbn": number}).All(&rows)
	for _, row := range rows {
		record, err := marc.Decode([]byte(row.MARC))
		if err != nil {
			return nil, fmt.Errorf("a record on the box: %w", err)
		}
		found = append(found, Found{Record: record, Source: row.Name})
	}
	return found, err
}

// The kinds of pools.
const (
	PoolFile     = "file"
	PoolDistrict = "district"
)

// Pool is one body of records on the box.
type Pool struct {
	ID      string `db:"id" json:"id"`
	Name    string `db:"name" json:"name"`
	Kind    string `db:"kind" json:"kind"`
	Records int    `db:"records" json:"records"`
	At      string `db:"at" json:"at"`
}

// Pools lists what is on the box, the newest first. Of one that is just arriving nothing is listed.
func Pools(app core.App) (pools []Pool, err error) {
	pools = []Pool{}
	err = app.DB().NewQuery("SELECT id, name, kind, records, at FROM pool ORDER BY at DESC, id").All(&pools)
	for i := range pools {
		if at, err := types.ParseDateTime(pools[i].At); err == nil {
			pools[i].At = at.Time().UTC().Format(time.RFC3339)
		}
	}
	return pools, err
}

// Poured counts what a file brought.
type Poured struct {
	Records int `json:"records"`
	ISBNs   int `json:"isbns"`
}

const (
	// mostPoured bounds a pool in records: a vendor's file has some hundreds, a district some tens of thousands.
	mostPoured = 200_000
	// hugeRecord is what is not kept of a record, in bytes: it has its contents in it.
	hugeRecord = 100_000
)

// Pour keeps the records of a vendor's file, to be found by later scans. The file is kept whole or not at all; a record without a valid ISBN can never be
// found and is left out. The codes are fault.Invalid (file: it is no MARC, or none of its records has an ISBN) and those of a store that cannot be written.
func Pour(ctx context.Context, app core.App, name string, body io.Reader) (pool Pool, poured Poured, err error) {
	const op = "lookup.Pour"
	reader, err := marc.NewReader(body, name)
	if err != nil {
		return pool, poured, fault.New(op, fault.Invalid, "adds.pool_not_marc", name).Named("wrong_file").At("file").Because(err)
	}
	bulk, err := store.NewBulk(app, true)
	if err != nil {
		return pool, poured, err
	}
	defer bulk.Abort()
	pool = Pool{
		ID:   security.PseudorandomStringWithAlphabet(core.DefaultIdLength, core.DefaultIdAlphabet),
		Name: name, Kind: PoolFile, At: types.NowDateTime().String(),
	}
	if err = pourAll(ctx, bulk, reader, pool.ID, &poured); err == nil {
		switch {
		case poured.Records == 0:
			err = fault.New(op, fault.Invalid, "adds.pool_no_isbn", name).Named("wrong_file").At("file")
		default:
			pool.Records = poured.Records
			err = bulk.Do(func(b *store.Bulk) error { // last: until here nothing of it is found
				return b.Exec("INSERT INTO pool (id, name, kind, records, at) VALUES (?, ?, ?, ?, ?)", pool.ID, pool.Name, pool.Kind, pool.Records, pool.At)
			})
		}
	}
	if err == nil {
		err = bulk.Flush()
	}
	if err != nil {
		bulk.Abort()
		return pool, Poured{}, errors.Join(store.Explain(op, app.DataDir(), err), drain(app, pool.ID))
	}
	return pool, poured, nil
}

func pourAll(ctx context.Context, bulk *store.Bulk, reader *marc.Reader, pool string, poured *Poured) error {
	for poured.Records < mostPoured {
		record, _, err := reader.Next()
		var bad *marc.RecordError
		var format *marc.FormatError
		switch {
		case errors.Is(err, io.EOF), errors.As(err, &format):
			return nil
		case errors.As(err, &bad):
			continue // its neighbours may do
		case err != nil:
			return fault.New("lookup.Pour", fault.Invalid, "adds.pool_cut").Named("cut_off").At("file").Because(err)
		case ctx.Err() != nil:
			return ctx.Err()
		}
		facts := marc.Extract(record)
		whole := marc.Encode(record)
		if len(facts.ISBNs) == 0 || len(whole) > hugeRecord {
			continue
		}
		if err := bulk.Do(func(b *store.Bulk) error { return pour(b, pool, string(whole), facts.ISBNs) }); err != nil {
			return err
		}
		poured.Records++
		poured.ISBNs += len(facts.ISBNs)
	}
	return nil
}

func pour(b *store.Bulk, pool, whole string, numbers []string) error {
	if err := b.Exec("INSERT INTO pool_records (pool, marc) VALUES (?, ?)", pool, whole); err != nil {
		return err
	}
	for _, number := range slices.Compact(slices.Sorted(slices.Values(numbers))) {
		if err := b.Exec("INSERT OR IGNORE INTO pool_isbns (isbn, record) SELECT ?, MAX(id) FROM pool_records", number); err != nil {
			return err
		}
	}
	return nil
}

// Drain takes a pool away. Rows that found their record in it keep it. fault.NotFound (unknown_pool).
func Drain(app core.App, id string) error {
	result, err := app.DB().NewQuery("DELETE FROM pool WHERE id = {:id}").Bind(dbx.Params{"id": id}).Execute()
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, fault.New("lookup.Drain", fault.NotFound, "adds.unknown_pool").Named("unknown_pool").At("id"))
	}
	return drain(app, id)
}

// drain forgets the records of a pool, and those of pools whose arrival was cut off, politely.
func drain(app core.App, id string) error {
	bulk, err := store.NewBulk(app, true)
	if err != nil {
		return err
	}
	defer bulk.Abort()
	for more := true; more; {
		err := bulk.Do(func(b *store.Bulk) (err error) {
			const some = "(SELECT id FROM pool_records WHERE pool = ? LIMIT 200)"
			if err = b.Exec("DELETE FROM pool_isbns WHERE record IN "+some, id); err == nil {
				more, err = b.Try("DELETE FROM pool_records WHERE id IN "+some, id)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return bulk.Flush()
}

// Tidy forgets what is left of files that never arrived whole. It is for a start, when none is arriving.
func Tidy(app core.App) error {
	var lost []string
	err := app.DB().NewQuery("SELECT DISTINCT pool FROM pool_records WHERE pool NOT IN (SELECT id FROM pool)").Column(&lost)
	for _, id := range lost {
		err = errors.Join(err, drain(app, id))
	}
	return err
}
