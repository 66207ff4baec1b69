//go:build old

package discovery

import (
	"context"
	"fmt"

	"sealbook/wasm/directory"
)

// maxFile is how long a file of tags or a delta may be, in bytes.
const maxFile = directory.DeltaSize + directory.TagSize*directory.MaxCount

// known are the tags of a bucket as they were read last.
type known struct {
	directory.Tags
	etag string // "" after a delta
}

func (d *Directory) place(bucket uint32) directory.Place {
	return directory.Place{Epoch: d.Parameters.Epoch, BucketBits: d.Parameters.BucketBits, Bucket: bucket}
}

// currentTags brings tags up to date with as few bytes as may be: what changed
// since those in hand, or the whole file where there are none or the directory
// does not go back so far.
func (d *Directory) currentTags(ctx context.Context, bucket uint32, old *known) (known, error) {
	place := d.place(bucket)
	if old != nil {
		t, err := d.delta(ctx, place, old.Tags)
		if err != nil {
			return known{}, err
		}
		if t != nil {
			return known{Tags: *t}, nil
		}
	}
	etag := ""
	if old != nil {
		etag = old.etag
	}
	t, etag, err := d.wholeTags(ctx, place, etag)
	switch {
	case err != nil:
		return known{}, err
	case t == nil:
		return *old, nil
	}
	return known{*t, etag}, nil
}

// delta asks for what changed and applies it. It answers nil where that is not
// possible: the whole file settles it.
func (d *Directory) delta(ctx context.Context, place directory.Place, old directory.Tags) (*directory.Tags, error) {
	a, err := d.send(ctx, call{
		method: "GET", path: fmt.Sprintf("/v1/buckets/%d/delta?since=%d", place.Bucket, old.Version),
		expect: []int{200, 404, 410}, limit: maxFile, public: true,
	})
	if err != nil || a.status != 200 {
		return nil, err
	}
	delta, err := directory.ParseDelta(a.body)
	if err != nil {
		return nil, wrap(TagsWrong, "the directory's delta is malformed", err)
	}
	if err := d.checkPlace(delta.Place, place); err != nil {
		return nil, err
	}
	next, err := old.Apply(delta)
	if err != nil {
		return nil, nil // of another history than the tags in hand
	}
	return &next, nil
}

// wholeTags reads the file of tags. With an etag it answers nil if the file is
// still that one.
func (d *Directory) wholeTags(ctx context.Context, place directory.Place, etag string) (*directory.Tags, string, error) {
	c := call{method: "GET", path: fmt.Sprintf("/v1/buckets/%d/tags", place.Bucket), expect: []int{200}, limit: maxFile, public: true}
	if etag != "" {
		c.fields = directory.Fields{{Name: "if-none-match", Value: etag}}
		c.expect = []int{200, 304}
	}
	a, err := d.send(ctx, c)
	if err != nil || a.status == 304 {
		return nil, etag, err
	}
	t, err := directory.ParseTags(a.body)
	if err != nil {
		return nil, "", wrap(TagsWrong, "the directory's file of tags is malformed", err)
	}
	if err := d.checkPlace(t.Place, place); err != nil {
		return nil, "", err
	}
	return &t, a.header.Get("Etag"), nil
}

// checkPlace compares where a file is of with where it must be of.
func (d *Directory) checkPlace(got, want directory.Place) error {
	if got.Epoch != want.Epoch {
		return otherEpoch()
	}
	if got != want {
		return fail(TagsWrong, "the directory's file is of another bucket")
	}
	return nil
}
