package edge_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sealbook/wasm/edge"
	"sealbook/wasm/edge/sqlite"
	"sealbook/wasm/edge/store"
)

// schemaOf are all columns of a database that has all migrations, as
// "table.column".
func schemaOf(t testing.TB) (all []string) {
	t.Helper()
	file, _ := openFile(t, sqlite.Options{})
	rows, err := file.Store.Read.Query(`SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		all = append(all, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// The page for operators names every table and column that there is, and none that
// there is not; and it says for how long what the code does.
func TestPeople(t *testing.T) {
	text, err := os.ReadFile(root + "/wasm/edge/PEOPLE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok1 := strings.Cut(string(text), "<!-- schema: kept by TestPeople -->\n")
	table, _, ok2 := strings.Cut(rest, "<!-- end of schema -->")
	if !ok1 || !ok2 {
		t.Fatal("the page has no schema")
	}
	var told []string
	current := ""
	quoted := regexp.MustCompile("`([a-z_]+)`")
	for _, line := range strings.Split(strings.TrimSpace(table), "\n")[2:] {
		cells := strings.Split(line, "|")
		if len(cells) != 7 {
			t.Fatalf("%d cells in %q", len(cells), line)
		}
		if name := quoted.FindStringSubmatch(cells[1]); name != nil {
			current = name[1]
		}
		for _, column := range quoted.FindAllStringSubmatch(cells[2], -1) {
			told = append(told, current+"."+column[1])
		}
	}
	slices.Sort(told)
	all := slices.DeleteFunc(schemaOf(t), func(name string) bool { return strings.HasPrefix(name, "d1_migrations.") })
	for _, name := range all {
		if !slices.Contains(told, name) {
			t.Errorf("the page does not tell of %s", name)
		}
	}
	for _, name := range told {
		if !slices.Contains(all, name) {
			t.Errorf("the page tells of %s, which is not there", name)
		}
	}
	l := edge.DefaultLimits()
	for _, want := range []string{
		fmt.Sprintf("%d days after the last code or sync", store.Lapse/86400),
		fmt.Sprintf("%d days after the next began", store.Overlap/86400),
		fmt.Sprintf("| %d days at most |", (l.Budget+l.RefillPerDay-1)/l.RefillPerDay),
		fmt.Sprintf("| %d minutes; a renewal", l.CodeSeconds/60),
		fmt.Sprintf("| %d days |\n", store.Remembered/86400),
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}
