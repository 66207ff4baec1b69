package trust

import (
	"encoding/binary"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// TileHeight is that of C2SP tlog-tiles: a whole tile has 256 hashes.
const TileHeight = 8

// MaxEntry is the most bytes that an entry of a log has.
const MaxEntry = 1<<16 - 1

// A Tile is one of C2SP tlog-tiles, with hashes of nodes or, in a bundle, with
// entries.
type Tile struct {
	tlog.Tile
	Entries bool
}

// ParseTile reads the path of a tile, without what is before it: "tile/0/000",
// "tile/1/x001/234.p/5", "tile/entries/000.p/3".
func ParseTile(path string) (Tile, error) {
	rest, ok := strings.CutPrefix(path, "tile/")
	name := "tile/8/" + rest
	data, entries := strings.CutPrefix(rest, "entries/")
	if entries {
		name = "tile/8/data/" + data
	}
	t, err := tlog.ParseTilePath(name)
	if !ok || err != nil || strings.HasPrefix(rest, "data/") {
		return Tile{}, Format.Because("path of a tile")
	}
	if entries != (t.L == -1) {
		return Tile{}, Format.Because("path of a tile")
	}
	if entries {
		t.L = 0
	}
	return Tile{t, entries}, nil
}

// String is the path that ParseTile reads.
func (t Tile) String() string {
	inner := t.Tile
	if t.Entries {
		inner.L = -1
	}
	path := strings.TrimPrefix(inner.Path(), "tile/8/")
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

// Range is which entries a bundle has: from first, so many. In a tree of so
// many entries there may be fewer of them; then there is no such tile.
func (t Tile) Range() (first, count int64) { return t.N << TileHeight, int64(t.W) }

// AppendEntry appends an entry to a bundle: its length as u16 and its bytes. It
// returns dst where the entry is too long.
func AppendEntry(dst, entry []byte) []byte {
	if len(entry) > MaxEntry {
		return dst
	}
	return append(binary.BigEndian.AppendUint16(dst, uint16(len(entry))), entry...)
}

// ParseBundle reads the entries of a bundle. They share b's memory.
func ParseBundle(b []byte) (entries [][]byte, err error) {
	for len(b) > 0 {
		if len(b) < 2 || len(b)-2 < int(binary.BigEndian.Uint16(b)) {
			return nil, Format.Because("bundle")
		}
		n := int(binary.BigEndian.Uint16(b))
		entries, b = append(entries, b[2:2+n]), b[2+n:]
	}
	return entries, nil
}
