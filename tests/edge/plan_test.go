package edge_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"sealbook/tests/edge/storecases"
	"sealbook/wasm/edge/sqlite"
)

// No request reads a whole table: with many people each statement finds its rows
// by an index.
func TestPlans(t *testing.T) {
	file, _ := openFile(t, sqlite.Options{})
	for _, c := range storecases.Cases { // so that every statement is used
		if err := storecases.Reset(file.Store); err != nil {
			t.Fatal(err)
		}
		c.Run(t, file.Store)
	}
	statements := file.Store.Statements()
	if len(statements) < 30 {
		t.Fatalf("only %d statements", len(statements))
	}
	// Of one row; or bounded by what was asked for, by a page, or by how many
	// versions and hours can be read.
	small := []string{"directory", "d", "j", "touched", "t", "piece", "p", "hours", "h", "versions", "v", "(subquery-1)"}
	for _, text := range statements {
		rows, err := file.Store.Read.Query("EXPLAIN QUERY PLAN "+text, slices.Repeat([]any{0}, 16)[:parameters(text)]...)
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			table, scan := strings.CutPrefix(detail, "SCAN ")
			if name, _, _ := strings.Cut(table, " "); scan && !slices.Contains(small, name) && !strings.HasPrefix(table, "CONSTANT ROW") {
				t.Errorf("%s\nin %s", detail, text)
			}
			if strings.Contains(detail, "USE TEMP B-TREE") && !strings.Contains(text, "FROM journal WHERE seq >") {
				t.Errorf("%s\nin %s", detail, text)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
}

// parameters is how many a statement has: as many question marks, or the highest
// number behind one.
func parameters(text string) int {
	for n := 16; n > 0; n-- {
		if strings.Contains(text, "?"+strconv.Itoa(n)) {
			return n
		}
	}
	return strings.Count(text, "?")
}
