//go:build js && wasm

package cloudflare

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"

	"github.com/syumai/workers/cloudflare/d1"

	"sealbook/wasm/edge/store"
)

// Open opens the tables of package store in the binding DB.
func Open() *store.Store {
	db := sql.OpenDB(connector{})
	// A binding belongs to the request that it came with, and connecting costs
	// nothing: so every statement takes the binding of its own request.
	db.SetMaxIdleConns(-1)
	return &store.Store{Write: db, Read: db, Cause: cause}
}

type connector struct{}

func (connector) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := d1.OpenConnector("DB")
	if err != nil {
		return nil, err
	}
	return c.Connect(ctx)
}

func (connector) Driver() driver.Driver { return &d1.Driver{} }

// causes are texts of D1, and what they amount to. There are no codes.
// https://developers.cloudflare.com/d1/observability/debug-d1/#error-list
var causes = []struct {
	text string
	err  error
}{
	{"database is locked", store.ErrBusy},
	{"SQLITE_BUSY", store.ErrBusy},
	{"D1 DB is overloaded", store.ErrBusy},
	{"D1 DB storage operation exceeded timeout", store.ErrBusy},
	{"D1 DB reset because its code was updated", store.ErrBusy},
	{"D1 DB storage caused object to be reset", store.ErrBusy},
	{"Network connection lost", store.ErrBusy},
	{"database or disk is full", store.ErrFull},
	{"SQLITE_FULL", store.ErrFull},
	{"Exceeded maximum DB size", store.ErrFull},
}

// cause returns the error of package store that err amounts to, or err.
func cause(err error) error {
	for _, c := range causes {
		if strings.Contains(err.Error(), c.text) {
			return c.err
		}
	}
	return err
}
