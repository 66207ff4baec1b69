package edge

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
)

// Files of a publication. Those of a state are called as their paths are.
const (
	tagsFile           = "tags"
	recordsFile        = "records"
	rootFile           = "root"            // of the records' blocks, 32 bytes
	hashesFile         = "hashes"          // of the blocks, 32 bytes each
	changesFile        = "changes"         // of the hour, up to this version
	changesRecordsFile = "changes-records" // of what was added and changed in them
)

var (
	stateFiles = []string{tagsFile, recordsFile, rootFile, hashesFile}
	// allFiles are in the order of store.Sizes.
	allFiles = append(slices.Clone(stateFiles), changesFile, changesRecordsFile)
)

// sizeOf is how many bytes a file has, if somebody wrote it down.
func sizeOf(sizes store.Sizes, file string) (int64, bool) {
	all := strings.Fields(string(sizes))
	i := slices.Index(allFiles, file)
	if i >= len(all) {
		return 0, false
	}
	n, err := strconv.ParseInt(all[i], 10, 64)
	return n, err == nil
}

// fileName is the name of a version's file. Two publications of one version,
// of which one comes to nothing, have different ones.
func fileName(version int64, publication, file string) string {
	return fmt.Sprintf("%d-%s/%s", version, publication, file)
}

// How long what is published can be read, in seconds: a version, after the next
// one came; an hour's changes, after its end.
const (
	versionKept = 600
	hourKept    = store.Remembered + 3600
)

// getState answers a file of a version.
func (h *Handler) getState(file string) endpoint {
	return func(w http.ResponseWriter, r *http.Request, args []string) error {
		v, err := h.version(r, args[0])
		if err != nil {
			return err
		}
		w.Header().Set("Cache-Control", "public, max-age=600")
		return h.sendFile(w, r, v, file)
	}
}

// getChanges answers the changes of an hour up to a version, of which the hour
// is.
func (h *Handler) getChanges(file string) endpoint {
	return func(w http.ResponseWriter, r *http.Request, args []string) error {
		v, err := h.version(r, args[1])
		if err != nil {
			return err
		}
		if hour, ok := integer(args[0]); !ok || hour != v.Hour {
			return hourUnknown()
		}
		return h.sendFile(w, r, v, file)
	}
}

// version finds a version that can be read.
func (h *Handler) version(r *http.Request, text string) (store.Version, error) {
	unknown := refuse(directory.VersionUnknown, "There is no such version.")
	n, ok := integer(text)
	if !ok || n < 1 {
		return store.Version{}, unknown
	}
	v, _, err := h.config.Store.Version(r.Context(), n)
	switch {
	case errors.Is(err, store.ErrNone):
		return v, unknown
	case err == nil && v.Replaced > 0 && h.now()-v.Replaced >= versionKept:
		return v, versionGone()
	}
	return v, err
}

func versionGone() *problem {
	return refuse(directory.VersionGone, "This version can't be read any more; there is a newer one.")
}

func hourUnknown() *problem {
	return refuse(directory.HourUnknown, "There are no changes of this hour; it may not be over.")
}

// getHour answers the changes of an hour before that of the newest state. An
// hour in which nothing was published has none.
func (h *Handler) getHour(file string) endpoint {
	return func(w http.ResponseWriter, r *http.Request, args []string) error {
		n, ok := integer(args[0])
		if !ok {
			return hourUnknown()
		}
		v, hours, err := h.config.Store.Hour(r.Context(), n)
		switch none := errors.Is(err, store.ErrNone); {
		case err != nil && !none:
			return err
		case n >= hours.Newest || n < hours.First:
			return hourUnknown()
		case h.now() >= (n+1)*3600+hourKept:
			return refuse(directory.HourGone, "Changes are kept for 8 days.")
		case none:
			send(w, http.StatusOK, octets, nil)
			return nil
		}
		return h.sendFile(w, r, v, file)
	}
}
