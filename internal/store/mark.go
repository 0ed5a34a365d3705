package store

import (
	"crypto/sha256"
	"database/sql/driver"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"

	"modernc.org/sqlite"
)

// mark is the SQL function carrel_mark(name, value, …): a short mark of some columns of a row, to tell later whether anybody changed them. A column
// whose value is NULL counts as not given, so that a mark survives a migration that adds columns if the caller gives empty ones as NULL.
func mark(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	if len(args)%2 != 0 {
		return nil, fmt.Errorf("carrel_mark takes names and values, not %d arguments", len(args))
	}
	sum := sha256.New()
	for i := 0; i < len(args); i += 2 {
		if args[i+1] == nil {
			continue
		}
		for _, value := range args[i : i+2] {
			kind, content := bytesOf(value)
			var head [9]byte
			head[0] = kind
			binary.LittleEndian.PutUint64(head[1:], uint64(len(content)))
			sum.Write(head[:])
			sum.Write(content)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:12]), nil
}

// bytesOf tells values of different kinds apart, and nothing else.
func bytesOf(value driver.Value) (kind byte, content []byte) {
	switch v := value.(type) {
	case string:
		return 't', []byte(v)
	case []byte:
		return 'b', v
	case int64:
		return 'i', binary.LittleEndian.AppendUint64(nil, uint64(v)) //nolint:gosec // only its bits count
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return bytesOf(int64(v)) // a whole number may be kept either way
		}
		return 'f', binary.LittleEndian.AppendUint64(nil, math.Float64bits(v))
	}
	return '?', fmt.Append(nil, value)
}

// SeededID is the id of the n-th row that work with a seed makes: the same each time, so that work which was cut off makes no row twice.
func SeededID(seed string, n int) string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	sum := sha256.Sum256(fmt.Appendf(nil, "%s:%d", seed, n))
	id := make([]byte, 15)
	for i := range id {
		id[i] = letters[int(sum[i])%len(letters)]
	}
	return string(id)
}
