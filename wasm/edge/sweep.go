package edge

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"sealbook/wasm/edge/store"
)

// orphan is how old, in seconds, the files of a publication must be that is not
// in the log: a younger one may be under way.
const orphan = 3600

// sweep removes the files that have had their time.
func (h *Handler) sweep(ctx context.Context, now int64) error {
	names, err := h.config.Files.List(ctx)
	if err != nil {
		return err
	}
	type owner struct {
		version int64
		id      string
	}
	owners := map[string]owner{}
	var versions []int64
	for _, name := range names {
		folder, _, _ := strings.Cut(name, "/")
		number, id, _ := strings.Cut(folder, "-")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil || id == "" {
			continue // not ours
		}
		owners[name] = owner{version, id}
		if !slices.Contains(versions, version) {
			versions = append(versions, version)
		}
	}
	kept, err := h.config.Store.Versions(ctx, versions)
	if err != nil {
		return err
	}
	inLog := map[owner]store.Kept{}
	for _, k := range kept {
		inLog[owner{k.Version.Version, k.Files}] = k
	}
	var gone []string
	for name, o := range owners {
		k, ok := inLog[o]
		_, file, _ := strings.Cut(name, "/")
		switch readable := k.Replaced == 0 || now-k.Replaced < versionKept; {
		case !ok:
			at, _, _ := strings.Cut(o.id, "-")
			if began, err := strconv.ParseInt(at, 16, 64); err != nil || now-began >= orphan {
				gone = append(gone, name)
			}
		case readable:
		case (file == changesFile || file == changesRecordsFile) && k.LastOfHour && now < (k.Hour+1)*3600+hourKept:
		default:
			gone = append(gone, name)
		}
	}
	slices.Sort(gone)
	return h.config.Files.Remove(ctx, gone...)
}
