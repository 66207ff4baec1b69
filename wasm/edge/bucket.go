package edge

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
)

// getTags answers the tags of a bucket.
func (h *Handler) getTags(w http.ResponseWriter, r *http.Request, arg string) error {
	return h.getFile(w, r, arg, func(l *listing) []byte { return l.tags })
}

// getRecords answers the records of a bucket, in the order of the tags.
func (h *Handler) getRecords(w http.ResponseWriter, r *http.Request, arg string) error {
	return h.getFile(w, r, arg, func(l *listing) []byte { return l.records })
}

func (h *Handler) getFile(w http.ResponseWriter, r *http.Request, arg string, file func(*listing) []byte) error {
	b, err := h.bucket(r, arg)
	if err != nil {
		return err
	}
	if matches(r.Header.Get("If-None-Match"), etag(b)) { // nothing needs to be made for it
		return sendFile(w, r, etag(b), nil)
	}
	l, err := h.cache.listing(r.Context(), b)
	if err != nil {
		return err
	}
	return sendFile(w, r, etag(l.bucket), file(l))
}

// etag names the state of a bucket's files: a client that has the header of one
// knows it.
func etag(b store.Bucket) string { return fmt.Sprintf(`"%d-%d-%d"`, b.Epoch, b.BucketBits, b.Version) }

// getDelta answers which tags came and went since a version.
func (h *Handler) getDelta(w http.ResponseWriter, r *http.Request, arg string) error {
	b, err := h.bucket(r, arg)
	if err != nil {
		return err
	}
	gone := refuse(directory.VersionGone, "There is no delta from that version; read the tags.")
	text := r.URL.Query().Get("since")
	since, err := strconv.ParseUint(text, 10, 53)
	if err != nil || strconv.FormatUint(since, 10) != text {
		return gone
	}
	changes, err := h.config.Store.Changes(r.Context(), b.Number, since)
	if errors.Is(err, store.ErrGone) {
		return gone
	} else if err != nil {
		return err
	}
	return sendFile(w, r, etag(changes.Bucket), delta(changes, since).Append(nil))
}

// delta leaves out what went and came again: only the difference counts.
func delta(c store.Changes, since uint64) directory.Delta {
	count := map[[directory.TagSize]byte]int{}
	for _, tag := range c.Removed {
		count[tag]--
	}
	for _, e := range c.Changed {
		if e.New {
			count[e.Key.Tag()]++
		}
	}
	d := directory.Delta{Place: place(c.Bucket), From: since, To: c.Bucket.Version}
	for _, tag := range slices.SortedFunc(maps.Keys(count), compareTags) {
		for range count[tag] {
			d.Added = append(d.Added, tag[:]...)
		}
		for range -count[tag] {
			d.Removed = append(d.Removed, tag[:]...)
		}
	}
	return d
}

func compareTags(a, b [directory.TagSize]byte) int { return bytes.Compare(a[:], b[:]) }

func place(b store.Bucket) directory.Place {
	return directory.Place{Epoch: b.Epoch, BucketBits: b.BucketBits, Bucket: b.Number}
}

// bucket reads a bucket's number in the one way to write it.
func (h *Handler) bucket(r *http.Request, arg string) (store.Bucket, error) {
	unknown := refuse(directory.BucketUnknown, "There is no such bucket.")
	n, err := strconv.ParseUint(arg, 10, 32)
	if err != nil || strconv.FormatUint(n, 10) != arg {
		return store.Bucket{}, unknown
	}
	b, err := h.config.Store.Bucket(r.Context(), uint32(n))
	if err != nil {
		return store.Bucket{}, err
	}
	if n>>b.BucketBits != 0 {
		return store.Bucket{}, unknown
	}
	return b, nil
}
