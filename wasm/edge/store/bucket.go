package store

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Remembered is for how many seconds a removed tag is kept for deltas.
const Remembered = int64(24 * time.Hour / time.Second)

// Bucket says which state of a bucket's files it is about.
type Bucket struct {
	Number     uint32
	Epoch      uint32
	BucketBits uint8
	Version    uint64 // of the last change of this bucket
	Floor      uint64 // the oldest version that a delta can start from
}

const bucketColumns = `d.epoch, d.bucket_bits, coalesce(b.version, d.floor), max(d.floor, coalesce(b.floor, 0))`

// Bucket answers the state of a bucket.
func (s *Store) Bucket(ctx context.Context, number uint32) (Bucket, error) {
	b := Bucket{Number: number}
	err := s.Read.QueryRowContext(ctx, "SELECT "+bucketColumns+
		" FROM directory d LEFT JOIN buckets b ON b.bucket = ?", int64(number)).
		Scan(&b.Epoch, &b.BucketBits, &b.Version, &b.Floor)
	return b, s.fail("bucket", err)
}

// Entry is what is published about a person. Entries are in the order of their
// keys, tag before id: so tags are sorted, and equal tags have an order too.
type Entry struct {
	Key    Key
	Record [64]byte
}

// Key is a tag and the account's id behind it.
type Key [5 + 16]byte

// Tag is the key's tag.
func (k Key) Tag() [5]byte { return [5]byte(k[:5]) }

// Compare orders keys.
func (k Key) Compare(o Key) int { return bytes.Compare(k[:], o[:]) }

// rows is how many entries come in one row of a listing: a row may have 2 MB
// on D1.
const rows = 4096

// Entries answers all entries of a bucket, in order, and the state they are of:
// one statement sees one state.
func (s *Store) Entries(ctx context.Context, number uint32) (Bucket, []Entry, error) {
	// As text: D1 hands a blob on as an array of numbers.
	const list = `
		SELECT ` + bucketColumns + `, coalesce(c.count, 0), coalesce(c.hex, '')
		FROM directory d LEFT JOIN buckets b ON b.bucket = ?1 LEFT JOIN (
			SELECT count(*) AS count, group_concat(hex(tag) || hex(id) || hex(record), '') AS hex FROM (
				SELECT tag, id, record, (row_number() OVER (ORDER BY tag, id) - 1) / ?2 AS part
				FROM accounts WHERE listed = 1 AND bucket = ?1 AND epoch = (SELECT epoch FROM directory)
			) GROUP BY part
		) c`
	q, err := s.Read.QueryContext(ctx, list, int64(number), int64(rows))
	if err != nil {
		return Bucket{}, nil, s.fail("entries", err)
	}
	defer q.Close()
	b := Bucket{Number: number}
	var entries []Entry
	var text []byte
	for q.Next() {
		var n int
		if err := q.Scan(&b.Epoch, &b.BucketBits, &b.Version, &b.Floor, &n, &text); err != nil {
			return Bucket{}, nil, s.fail("entries", err)
		}
		entries = slices.Grow(entries, n)
		if entries, err = appendEntries(entries, text); err != nil {
			return Bucket{}, nil, err
		}
	}
	return b, entries, s.fail("entries", q.Err())
}

// appendEntries decodes entries from hexadecimal.
func appendEntries(entries []Entry, text []byte) ([]Entry, error) {
	const size = len(Key{}) + 64
	raw := make([]byte, len(text)/2)
	if _, err := hex.Decode(raw, text); err != nil || len(raw)%size != 0 {
		return nil, fmt.Errorf("store: entries: %w", errors.Join(err, fmt.Errorf("%d bytes", len(raw))))
	}
	for part := range slices.Chunk(raw, size) {
		entries = append(entries, Entry{Key: Key(part), Record: [64]byte(part[len(Key{}):])})
	}
	return entries, nil
}
