package edge

import (
	"context"
	"net/http"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// signed is the checkpoint that was signed last: whoever asks for the same again
// costs no signature.
type signed struct {
	tree tlog.Tree
	text string
}

func (h *Handler) checkpoint(tree tlog.Tree) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.signed.tree == tree && h.signed.text != "" {
		return h.signed.text, nil
	}
	text, err := trust.SignCheckpoint(tree, h.keys.Log())
	if err == nil {
		h.signed = signed{tree, text}
	}
	return text, err
}

// getCheckpoint answers the log's checkpoint.
func (h *Handler) getCheckpoint(w http.ResponseWriter, r *http.Request, _ []string) error {
	newest, err := h.newest(r.Context())
	if err != nil {
		return err
	}
	text, err := h.checkpoint(newest.tree)
	if err != nil {
		return err
	}
	send(w, http.StatusOK, plainText, []byte(text))
	return nil
}

// getCosigned answers the newest checkpoint that witnesses signed. There are no
// witnesses yet.
func (h *Handler) getCosigned(http.ResponseWriter, *http.Request, []string) error {
	return refuse(directory.NotFound, "No witnesses cosign this log.")
}

// getUpdate answers how the log grew from a size, with its newest leaf.
func (h *Handler) getUpdate(w http.ResponseWriter, r *http.Request, _ []string) error {
	from, ok := integer(r.URL.Query().Get("from"))
	if !ok {
		return refuse(directory.QueryMalformed, "From is the number of entries that are known.")
	}
	ctx := r.Context()
	newest, err := h.newest(ctx)
	if err != nil {
		return err
	}
	checkpoint, err := h.checkpoint(newest.tree)
	if err != nil {
		return err
	}
	text, err := trust.NewUpdate(from, newest.tree, []byte(newest.leaf.Text), checkpoint, h.config.Store.Hashes(ctx))
	if err != nil {
		return err
	}
	send(w, http.StatusOK, plainText, []byte(text))
	return nil
}

// getTile answers a tile of the log, hashes or entries.
func (h *Handler) getTile(w http.ResponseWriter, r *http.Request, args []string) error {
	none := refuse(directory.NotFound, "The log has no such tile.")
	t, err := trust.ParseTile("tile/" + args[0])
	if err != nil {
		return none
	}
	ctx := r.Context()
	newest, err := h.newest(ctx)
	if err != nil {
		return err
	}
	// Hashes of a tile are of level 8·L, each over 256^L entries.
	if t.L > 5 || t.N >= 1<<45 || t.N<<trust.TileHeight+int64(t.W) > newest.tree.N>>(trust.TileHeight*t.L) {
		return none
	}
	body, err := h.tile(ctx, t)
	if err != nil {
		return err
	}
	send(w, http.StatusOK, octets, body)
	return nil
}

func (h *Handler) bundle(ctx context.Context, t trust.Tile) (body []byte, err error) {
	first, count := t.Range()
	leaves, err := h.config.Store.Leaves(ctx, first, count)
	for _, leaf := range leaves {
		body = trust.AppendEntry(body, []byte(leaf))
	}
	return body, err
}
