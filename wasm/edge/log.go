package edge

import (
	"context"
	"errors"
	"io"
	"io/fs"
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

// cosignedFile is where the operator puts the newest checkpoint that a quorum of
// witnesses has signed, beside the publications: no sweep takes it.
const cosignedFile = "cosigned"

// errCosigned is told to the operator.
var errCosigned = errors.New("edge: what was put there as cosigned is no checkpoint of this log")

// cosigned returns the newest checkpoint that witnesses signed, as the operator put
// it there. Whose witnesses they are is for the reader to judge; that it is this
// log's is checked, or errCosigned. Where there is none it is fs.ErrNotExist.
func (h *Handler) cosigned(ctx context.Context) ([]byte, error) {
	file, _, err := h.config.Files.Open(ctx, cosignedFile)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, trust.MaxText+1))
	if err != nil {
		return nil, err
	}
	key, err := trust.NewVerifier(h.keys.LogVerifier(), trust.Origin(h.config.Name))
	if err != nil {
		return nil, err
	}
	if _, err := trust.OpenCheckpoint(string(text), key, trust.Witnesses{}); err != nil {
		return nil, errCosigned
	}
	return text, nil
}

// getCosigned answers what is cosigned.
func (h *Handler) getCosigned(w http.ResponseWriter, r *http.Request, _ []string) error {
	text, err := h.cosigned(r.Context())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return refuse(directory.NotFound, "No witnesses cosign this log.")
	case errors.Is(err, errCosigned):
		h.log(err)
		return refuse(directory.FileMissing, "What is cosigned is not of this log; the directory's operator has to look.")
	case err != nil:
		return err
	}
	send(w, http.StatusOK, plainText, text)
	return nil
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
