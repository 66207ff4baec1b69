package sqlite

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// A database moves between machines, and between SQLite and D1, as SQL: one INSERT
// a row. That is what [File.Export] writes, what `wrangler d1 execute --file` takes
// into a database with the tables made, what `wrangler d1 export` writes, and what
// [File.Import] takes.

// tables are all, in the order in which they are written.
var tables = []string{"directory", "epochs", "accounts", "withdrawn", "registrations", "counts", "journal", "log"}

// sequence makes the journal go on behind what was read of it.
const sequence = `INSERT INTO sqlite_sequence (name, seq)
	SELECT 'journal', max(read, coalesce((SELECT max(seq) FROM journal), 0)) FROM directory`

const forgetSequence = "DELETE FROM sqlite_sequence WHERE name = 'journal'"

// Export writes all rows, as they are at one moment. The triggers are away while
// they come in.
func (f *File) Export(ctx context.Context, w io.Writer) error {
	tx, err := f.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return cause(err)
	}
	defer tx.Rollback()
	triggers, err := triggersOf(ctx, tx)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	for _, t := range triggers {
		fmt.Fprintf(out, "DROP TRIGGER %s;\n", t[0])
	}
	for _, table := range tables {
		fmt.Fprintf(out, "DELETE FROM %s;\n", table)
		if err := exportTable(ctx, tx, out, table); err != nil {
			return cause(err)
		}
	}
	fmt.Fprintf(out, "%s;\n%s;\n", forgetSequence, sequence)
	for _, t := range triggers {
		fmt.Fprintf(out, "%s;\n", t[1])
	}
	return out.Flush()
}

// triggersOf returns names and texts.
func triggersOf(ctx context.Context, tx *sql.Tx) (all [][2]string, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
	if err != nil {
		return nil, cause(err)
	}
	defer rows.Close()
	for rows.Next() {
		var t [2]string
		if err := rows.Scan(&t[0], &t[1]); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, rows.Err()
}

func exportTable(ctx context.Context, tx *sql.Tx, w io.Writer, table string) error {
	columns, err := columnsOf(ctx, tx, table)
	if err != nil {
		return err
	}
	var values []string
	for _, c := range columns {
		values = append(values, "quote("+c+")")
	}
	rows, err := tx.QueryContext(ctx, "SELECT "+strings.Join(values, " || ',' || ")+" FROM "+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	head := fmt.Sprintf("INSERT INTO %s (%s) VALUES (", table, strings.Join(columns, ","))
	for rows.Next() {
		var row string
		if err := rows.Scan(&row); err != nil {
			return err
		}
		if _, err := io.WriteString(w, head+row+");\n"); err != nil {
			return err
		}
	}
	return rows.Err()
}

func columnsOf(ctx context.Context, tx *sql.Tx, table string) (all []string, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT name FROM pragma_table_info(?)", table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		all = append(all, name)
	}
	return all, rows.Err()
}

// ErrNotEmpty is that there is a directory already.
var ErrNotEmpty = errors.New("sqlite: the database is not empty")

// Import takes the rows that Export or wrangler wrote into an empty database, all or
// none. Of what it reads it does nothing but INSERT into its own tables. When all have
// been read, agree is told the verifier key of their directory; none are kept where
// it returns an error.
func (f *File) Import(ctx context.Context, r io.Reader, agree func(key string) error) error {
	tx, err := f.write.BeginTx(ctx, nil)
	if err != nil {
		return cause(err)
	}
	defer tx.Rollback()
	var used bool
	if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM log) OR EXISTS (SELECT 1 FROM accounts) OR EXISTS (SELECT 1 FROM epochs)").Scan(&used); err != nil {
		return cause(err)
	}
	if used {
		return ErrNotEmpty
	}
	triggers, err := triggersOf(ctx, tx)
	if err != nil {
		return err
	}
	exec := func(text string) error {
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("sqlite: import: %w", cause(err))
		}
		return nil
	}
	for _, t := range triggers {
		if err := exec("DROP TRIGGER " + t[0]); err != nil {
			return err
		}
	}
	if err := exec("DELETE FROM directory"); err != nil {
		return err
	}
	in, taken := bufio.NewReaderSize(r, 1<<16), 0
	for {
		statement, err := nextStatement(in)
		if err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		if !intoTable(statement) {
			continue
		}
		taken++
		if !literals.MatchString(statement) {
			err = errors.New("not values alone")
		} else {
			_, err = tx.ExecContext(ctx, statement)
		}
		if err != nil {
			// Not the driver's words: they may quote the row.
			return fmt.Errorf("sqlite: row %d of the import does not go into its table", taken)
		}
	}
	var whole bool
	if err := tx.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM directory) = 1 AND (SELECT count(*) FROM log) = (SELECT size FROM directory)").Scan(&whole); err != nil || !whole {
		return errors.New("sqlite: the import is not whole")
	}
	for _, text := range append([]string{forgetSequence, sequence}, texts(triggers)...) {
		if err := exec(text); err != nil {
			return err
		}
	}
	var key string
	if err := tx.QueryRowContext(ctx, "SELECT key FROM directory").Scan(&key); err != nil {
		return cause(err)
	}
	if err := agree(key); err != nil {
		return err
	}
	return cause(tx.Commit())
}

func texts(triggers [][2]string) (all []string) {
	for _, t := range triggers {
		all = append(all, t[1])
	}
	return all
}

// intoTable reports whether a statement is an INSERT of values into one of the
// tables.
func intoTable(statement string) bool {
	rest, ok := strings.CutPrefix(statement, "INSERT INTO ")
	name, rest, _ := strings.Cut(strings.ReplaceAll(rest[:min(len(rest), 400)], `"`, ""), " ")
	name, _, _ = strings.Cut(name, "(")
	for _, table := range tables {
		if ok && name == table {
			return strings.Contains(rest, "VALUES")
		}
	}
	return false
}

// literals is a row of values alone: no query, no comment, nothing behind it. wrangler
// writes the ends of lines as replace('a\nb','\n',char(10)). One character at a time
// where it may, since what can be matched in one way alone is matched fast.
var literals = regexp.MustCompile(`^INSERT INTO "?[a-z]+"?\s*(?:\([a-z0-9_",\s]*\)\s*)?VALUES\s*` +
	`(?:[xX]?'[^']*'|[0-9.]|-[0-9]|NULL|replace|char|unistr|[(),\s])*$`)

// mostStatement is more than any row has.
const mostStatement = 1 << 20

// nextStatement reads up to a semicolon that stands in no quotes and no trigger.
func nextStatement(r *bufio.Reader) (string, error) {
	var b strings.Builder
	var quote byte
	for {
		c, err := r.ReadByte()
		if err == io.EOF && strings.TrimSpace(b.String()) != "" {
			return "", errors.New("sqlite: the import ends within a statement")
		} else if err != nil {
			return "", err
		}
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == ';':
			text := strings.TrimSpace(b.String())
			if strings.HasPrefix(text, "CREATE TRIGGER") && !strings.HasSuffix(text, "END") {
				break
			}
			return text, nil
		}
		if b.WriteByte(c); b.Len() > mostStatement {
			return "", errors.New("sqlite: a statement of the import is too long")
		}
	}
}
