package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
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
	err := s.row(ctx, s.Read, "SELECT "+bucketColumns+
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

// Entries answers all entries of a bucket, in order, and of which state they
// are: one statement sees one state. It answers ErrEpoch if the epoch is not
// that of b any more.
func (s *Store) Entries(ctx context.Context, b Bucket) (Bucket, []Entry, error) {
	// As one text a row: D1 hands a blob on as an array of numbers, and each
	// column costs as much as its bytes do.
	const list = `
		SELECT coalesce(b.version, d.floor), coalesce(hex(a.tag) || hex(a.id) || hex(a.record), '')
		FROM directory d LEFT JOIN buckets b ON b.bucket = ?1
		LEFT JOIN accounts a ON a.listed = 1 AND a.bucket = ?1 AND a.epoch = ?2
		WHERE d.one = 1 AND d.epoch = ?2
		ORDER BY a.tag, a.id`
	q, err := s.query(ctx, s.Read, list, int64(b.Number), int64(b.Epoch))
	if err != nil {
		return Bucket{}, nil, s.fail("entries", err)
	}
	defer q.Close()
	var entries []Entry
	var text sql.RawBytes
	found := false
	for q.Next() {
		if err := q.Scan(&b.Version, &text); err != nil {
			return Bucket{}, nil, s.fail("entries", err)
		}
		found = true
		if len(text) == 0 {
			continue // nobody is in it
		}
		var e Entry
		if err := e.decode(text); err != nil {
			return Bucket{}, nil, err
		}
		entries = append(entries, e)
	}
	if err := q.Err(); err != nil {
		return Bucket{}, nil, s.fail("entries", err)
	}
	if !found {
		return Bucket{}, nil, ErrEpoch
	}
	return b, entries, nil
}

// decode reads an entry in hexadecimal.
func (e *Entry) decode(text []byte) error {
	const size = len(Key{}) + len(Entry{}.Record)
	var raw [size]byte
	if len(text) != 2*size {
		return fmt.Errorf("store: an entry of %d digits", len(text))
	}
	if _, err := hex.Decode(raw[:], text); err != nil {
		return errors.New("store: an entry that is not hexadecimal")
	}
	e.Key, e.Record = Key(raw[:]), [64]byte(raw[len(Key{}):])
	return nil
}
