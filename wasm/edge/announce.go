package edge

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/trust"
)

// Announcer is told what can be read, on platforms where requests for published
// files and tiles of the log do not come to the handler.
type Announcer interface {
	// Announce keeps tiles under their paths, "tile/0/000", and then the index,
	// and removes tiles that longer ones replaced.
	Announce(ctx context.Context, index []byte, tiles map[string][]byte, gone []string) error
	// Tiles returns the paths of those that are kept.
	Tiles(ctx context.Context) ([]string, error)
}

// Index is which files can be read now, as JSON: hours of the first and the newest
// state, versions with publication, hour, time of the next and lengths, and the
// last version of each hour. It is made of the log alone.
func (h *Handler) Index(ctx context.Context) ([]byte, error) {
	now := h.now()
	all, hours, err := h.config.Store.Readable(ctx, now-versionKept, (now-hourKept)/3600-1)
	if err != nil {
		return nil, err
	}
	index := struct {
		First    int64   `json:"first"`
		Newest   int64   `json:"newest"`
		Versions [][]any `json:"versions"` // version, publication, hour, replaced, sizes
		Hours    [][]any `json:"hours"`    // version, publication, hour, sizes
	}{hours.First, hours.Newest, [][]any{}, [][]any{}}
	for _, k := range all {
		sizes := json.RawMessage("null")
		if k.Sizes != "" {
			sizes = json.RawMessage("[" + strings.ReplaceAll(string(k.Sizes), " ", ",") + "]")
		}
		if k.LastOfHour {
			index.Hours = append(index.Hours, []any{k.Version.Version, k.Files, k.Hour, sizes})
		} else {
			index.Versions = append(index.Versions, []any{k.Version.Version, k.Files, k.Hour, k.Replaced, sizes})
		}
	}
	return json.Marshal(index)
}

// Needed returns the names of the files that another machine needs to go on: those
// of the newest state, the changes of eight days, and what is cosigned. One that the
// log does not need is not among them, such as what witnesses signed of a log whose
// key was another.
func (h *Handler) Needed(ctx context.Context) (names []string, err error) {
	index, err := h.Index(ctx)
	if err != nil {
		return nil, err
	}
	var i struct{ Versions, Hours [][]any }
	if err := json.Unmarshal(index, &i); err != nil {
		return nil, err
	}
	switch _, err := h.cosigned(ctx); {
	case err == nil:
		names = append(names, cosignedFile)
	case errors.Is(err, errCosigned):
		h.log(err)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	newest, id := 0.0, ""
	for _, v := range i.Versions {
		if n, _ := v[0].(float64); n > newest {
			newest = n
			id, _ = v[1].(string)
		}
	}
	for _, file := range allFiles {
		names = append(names, fileName(int64(newest), id, file))
	}
	for _, v := range i.Hours {
		n, _ := v[0].(float64)
		id, _ := v[1].(string)
		if n < newest {
			names = append(names, fileName(int64(n), id, changesFile), fileName(int64(n), id, changesRecordsFile))
		}
	}
	return names, nil
}

// tilesAtOnce is how many whole tiles are made at once where they are missing, as
// after a move.
const tilesAtOnce = 64

// announce makes the newest state known, if it is not.
func (h *Handler) announce(ctx context.Context) error {
	to := h.config.Announcer
	if to == nil {
		return nil
	}
	head, err := h.config.Store.Head(ctx)
	if err != nil || head.Size == h.announced {
		return err
	}
	if h.tiles == nil {
		names, err := to.Tiles(ctx)
		if err != nil {
			return err
		}
		h.tiles = map[string]bool{}
		for _, name := range names {
			h.tiles[name] = true
		}
	}
	wanted, made := map[string]bool{}, map[string][]byte{}
	for _, t := range tilesOf(head.Size) {
		name := t.String()
		if wanted[name] = true; h.tiles[name] || len(made) == tilesAtOnce {
			continue
		}
		if made[name], err = h.tile(ctx, t); err != nil {
			return err
		}
	}
	var gone []string
	for name := range h.tiles {
		if !wanted[name] {
			gone = append(gone, name)
		}
	}
	index, err := h.Index(ctx)
	if err == nil {
		err = to.Announce(ctx, index, made, gone)
	}
	if err != nil {
		h.tiles = nil // nobody knows
		return err
	}
	for name := range made {
		h.tiles[name] = true
	}
	for _, name := range gone {
		delete(h.tiles, name)
	}
	h.announced = head.Size
	return nil
}

// tilesOf are all tiles of a tree of so many entries: those that end it first.
func tilesOf(size int64) (all []trust.Tile) {
	const full = 1 << trust.TileHeight
	add := func(level int, n int64, width int) {
		t := trust.Tile{Tile: tlog.Tile{H: trust.TileHeight, L: level, N: n, W: width}}
		all = append(all, t)
		if level == 0 {
			t.Entries = true
			all = append(all, t)
		}
	}
	for level, count := 0, size; count > 0; level, count = level+1, count>>trust.TileHeight {
		if width := int(count % full); width > 0 {
			add(level, count/full, width)
		}
	}
	for level, count := 0, size; count > 0; level, count = level+1, count>>trust.TileHeight {
		for n := range count / full {
			add(level, n, full)
		}
	}
	return all
}

// tile makes a tile of the log.
func (h *Handler) tile(ctx context.Context, t trust.Tile) ([]byte, error) {
	if t.Entries {
		return h.bundle(ctx, t)
	}
	return tlog.ReadTileData(t.Tile, h.config.Store.Hashes(ctx))
}
