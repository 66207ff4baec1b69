package store

import (
	"context"
	"encoding/hex"
	"fmt"
)

// Changes leads from one version of a bucket to the state of Bucket. Removals
// come first: a tag may be removed and added again.
type Changes struct {
	Bucket  Bucket
	Removed [][5]byte // tags that were published at the version started from
	Changed []Changed
}

// Changed is an entry that is new, or has another record.
type Changed struct {
	Entry
	New bool // its tag was not published at the version started from
}

// Changes answers what changed in a bucket since a version, or ErrGone if that
// is from before what is remembered, or from a future that never was.
func (s *Store) Changes(ctx context.Context, number uint32, since uint64) (Changes, error) {
	const changes = `
		SELECT ` + bucketColumns + `, coalesce(c.hex, ''), coalesce(c.new, 0)
		FROM directory d LEFT JOIN buckets b ON b.bucket = ?1 LEFT JOIN (
			SELECT hex(tag) AS hex, 0 AS new FROM removals
			WHERE bucket = ?1 AND version > ?2 AND added <= ?2
			UNION ALL
			SELECT hex(tag) || hex(id) || hex(record), added > ?2 FROM accounts
			WHERE listed = 1 AND bucket = ?1 AND changed > ?2 AND epoch = (SELECT epoch FROM directory)
		) c`
	q, err := s.query(ctx, s.Read, changes, int64(number), int64(since))
	if err != nil {
		return Changes{}, s.fail("changes", err)
	}
	defer q.Close()
	c := Changes{Bucket: Bucket{Number: number}}
	var text []byte
	for q.Next() {
		var isNew bool
		b := &c.Bucket
		if err := q.Scan(&b.Epoch, &b.BucketBits, &b.Version, &b.Floor, &text, &isNew); err != nil {
			return Changes{}, s.fail("changes", err)
		}
		switch len(text) {
		case 0:
		case 2 * len([5]byte{}):
			var tag [5]byte
			if _, err := hex.Decode(tag[:], text); err != nil {
				return Changes{}, fmt.Errorf("store: changes: %w", err)
			}
			c.Removed = append(c.Removed, tag)
		default:
			e := Changed{New: isNew}
			if err := e.decode(text); err != nil {
				return Changes{}, err
			}
			c.Changed = append(c.Changed, e)
		}
	}
	if err := q.Err(); err != nil {
		return Changes{}, s.fail("changes", err)
	}
	if since < c.Bucket.Floor || since > c.Bucket.Version {
		return Changes{}, ErrGone
	}
	return c, nil
}
