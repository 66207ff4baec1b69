package contacts

import (
	"slices"
	"strings"
	"testing"
)

// badFiles are files that are not what they claim, or are damaged.
var badFiles = []struct {
	name, text string
	want       []string
}{
	{"empty", "", []string{"0 1 EMPTY_FILE"}},
	{"white space", "\ufeff \r\n\t\n", []string{"0 1 EMPTY_FILE"}},
	{"an archive cut short", "PK\x03\x04\x14\x00\x06\x00", []string{"0 1 TRUNCATED", "0 1 NOT_TEXT: archive"}},
	{"a photo", "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", []string{"0 1 NOT_TEXT: photo"}},
	{"a database", "SQLite format 3\x00contacts2.db", []string{"0 1 UNSUPPORTED: database"}},
	{"an old spreadsheet", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", []string{"0 1 UNSUPPORTED: spreadsheet"}},
	{"a film", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", []string{"0 1 NOT_TEXT: film"}},
	{"a calendar", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20240512T101112Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", []string{"0 1 UNKNOWN_FORMAT: calendar"}},
	{"random bytes", "\x01\x02\x9f\x03\x04\x05\xfe\x06\x07\x0e\x0f\x10", []string{"0 1 NOT_TEXT"}},
	{"zeros", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", []string{"0 1 NOT_TEXT"}},
	{"JSON without people", "{\"name\":\"sealbook\",\"version\":\"1.0.0\",\"files\":[1,2]}\n", []string{"0 1 UNKNOWN_FORMAT"}},
	{"a web page", "<!doctype html><p>020 7946 0001", []string{"0 1 UNKNOWN_FORMAT: page"}},
	{"prose", "Dear diary,\ntoday nothing happened,\nnothing at all\n", []string{"0 1 UNKNOWN_FORMAT"}},
	{"a table without numbers", "Name,City\nAda,London\n", []string{"0 1 NO_NUMBER_COLUMN"}},
	{"a header alone", "Name,Phone\n", nil},
	{"a NUL in a number", "Name,Phone\nAda,020\x007946 0001\nBob,020 7946 0002\n", []string{"1 2 BINARY_LINE Ada", "2 3 other Bob: 020 7946 0002"}},
	{"a NUL in a card", "BEGIN:VCARD\nFN:A\x00da\nTEL:020 7946 0001\nTEL:020\x007946 0002\nEND:VCARD\n",
		[]string{"1 2 BINARY_LINE", "1 3 : 020 7946 0001", "1 4 BINARY_LINE"}},
	{"a quote never closed", "Name,Phone\nAda,\"020 7946 0001\nBob,020 7946 0002\n",
		[]string{"1 2 UNCLOSED_QUOTE Ada", "1 2 other Ada: 020 7946 0001", "1 2 other Ada: Bob,020 7946 0002"}},
	{"quotes in the wrong place", "Name,Phone\nAda \"Countess\" L,020 7946 0001\n\"Bob\" B,\"020\" 7946 0002\n",
		[]string{"1 2 other Ada \"Countess\" L: 020 7946 0001", "2 3 other Bob B: 020 7946 0002"}},
	{"rows of different length", "Name,Phone,City\nAda,020 7946 0001\nBob,020 7946 0002,Bath,x,y,z\n,,,\nEve\n",
		[]string{"1 2 other Ada: 020 7946 0001", "2 3 other Bob: 020 7946 0002"}},
	{"a card cut within a number", "BEGIN:VCARD\r\nFN:Ada\r\nTEL:020 79", []string{"1 3  Ada: 020 79", "1 3 TRUNCATED Ada"}},
	{"a card cut within a photo", "BEGIN:VCARD\nFN:Ada\nTEL:020 7946 0001\nPHOTO;ENCODING=b:AAAA\n BB", []string{"1 3  Ada: 020 7946 0001", "1 5 TRUNCATED Ada"}},
	{"UTF-16 cut within a character", "\xff\xfe0\x002\x000\x001\x002\x003\x004\x005\x00\n\x006", []string{"1 1 : 02012345", "0 2 TRUNCATED"}},
	{"END without BEGIN", "BEGIN:VCARD\nTEL:020 7946 0001\nEND:VCARD\nEND:VCARD\n", []string{"1 2 : 020 7946 0001", "0 4 BAD_LINE"}},
	{"another kind of object", "BEGIN:VCARD\nTEL:020 7946 0001\nEND:VCARD\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n",
		[]string{"1 2 : 020 7946 0001", "0 4 BAD_LINE", "0 6 BAD_LINE"}},
	{"a soft break at the end of a card", "BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE:Ada=\nEND:VCARD\nBEGIN:VCARD\nTEL:020 7946 0001\nEND:VCARD\n",
		[]string{"1 4 MISSING_END AdaEND:VCARD", "2 5 : 020 7946 0001"}},
	{"broken quoted-printable", "BEGIN:VCARD\nFN;QUOTED-PRINTABLE:=C3=96=GG=\nTEL:020 7946 0001\nTEL:020 7946 0002\nEND:VCARD\n",
		[]string{"1 4  Ö=GGTEL:020 7946 0001: 020 7946 0002"}},
	{"colons in quoted parameters", "BEGIN:VCARD\nVERSION:4.0\nTEL;TYPE=\"x:y\";VALUE=uri:tel:+442079460001\nEND:VCARD\n", []string{"1 3 other: +442079460001"}},
	{"a photo that is not indented", "BEGIN:VCARD\nPHOTO;BASE64:/9j/4AAQ\nSkZJRgABAQEA\nAAAA==\nTEL:020 7946 0001\nEND:VCARD\n", []string{"1 5 : 020 7946 0001"}},
	{"double line ends", "BEGIN:VCARD\r\r\nTEL:020 7946 0001\r\r\nEND:VCARD\r\r\n", []string{"1 3 : 020 7946 0001"}},
	{"old Mac lines in a list", "020 7946 0001\r020 7946 0002\r", []string{"1 1 : 020 7946 0001", "2 2 : 020 7946 0002"}},
	{"empty cards", "BEGIN:VCARD\nEND:VCARD\nBEGIN:VCARD\nFN:\nTEL:\nEND:VCARD\n", nil},
	{"a list of one", "+442079460001", []string{"1 1 : +442079460001"}},
}

func TestBadFiles(t *testing.T) {
	for _, c := range badFiles {
		t.Run(c.name, func(t *testing.T) {
			if got := brief(t, Options{}, c.text); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// Lines and values over their limits are reported with their line, and what
// stands behind them is read.
func TestLimits(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"a row over a megabyte", "Name,Phone,Note\nAda,020 7946 0001," + long(MaxRow) + "\nBob,020 7946 0002,\n",
			[]string{"1 2 other Ada: 020 7946 0001", "1 2 LINE_TOO_LONG Ada", "2 3 other Bob: 020 7946 0002"}},
		{"a quote open for a megabyte", "Name,Phone,Note\nAda,020 7946 0001,\"" + strings.Repeat("some text\n", MaxRow/10) + "\nBob,020 7946 0002,\n",
			[]string{"1 2 other Ada: 020 7946 0001", "1 2 UNCLOSED_QUOTE Ada", "3 104860 other Bob: 020 7946 0002"}},
		{"a number of 5,000 bytes", "Name,Phone\nAda," + long(5000) + "\nBob,020 7946 0002\n", []string{"1 2 VALUE_TOO_LONG Ada", "2 3 other Bob: 020 7946 0002"}},
		{"a note of 100,000 bytes", "Name,Phone,Notes\nAda,020 7946 0001," + long(100000) + "\n", []string{"1 2 other Ada: 020 7946 0001"}},
		{"a line of 2 megabytes in a list", "020 7946 0001\n" + strings.Repeat("1", 2<<20) + "\n020 7946 0002\n",
			[]string{"1 1 : 020 7946 0001", "0 2 LINE_TOO_LONG", "2 3 : 020 7946 0002"}},
		{"a card's number of 5,000 bytes", "BEGIN:VCARD\nTEL:" + strings.Repeat("1", 5000) + "\nTEL:020 7946 0001\nEND:VCARD\n",
			[]string{"1 2 VALUE_TOO_LONG", "1 3 : 020 7946 0001"}},
		{"a property name of 2,000 bytes", "BEGIN:VCARD\n" + long(2000) + "\nTEL;" + long(2000) + ":1\nTEL:020 7946 0001\nEND:VCARD\n",
			[]string{"1 2 LINE_TOO_LONG", "1 3 LINE_TOO_LONG", "1 4 : 020 7946 0001"}},
		{"a photo of 3 megabytes on one line", "BEGIN:VCARD\nPHOTO:data:image/jpeg;base64," + long(3<<20) + "\nTEL:020 7946 0001\nEND:VCARD\n",
			[]string{"1 3 : 020 7946 0001"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := brief(t, Options{}, c.text); !slices.Equal(got, c.want) {
				t.Errorf("got  %.500q\nwant %q", got, c.want)
			}
		})
	}
	name := strings.Repeat("é", 600)
	got := brief(t, Options{}, "BEGIN:VCARD\nFN:"+name+"\nTEL:020 7946 0001\nEND:VCARD\n")
	want := []string{"1 2 VALUE_TOO_LONG " + name[:1000], "1 3  " + name[:1000] + ": 020 7946 0001"}
	if !slices.Equal(got, want) {
		t.Errorf("a long name: got %.300q", got)
	}
	wide := "Phone" + strings.Repeat(",c", MaxColumns+5) + "\n020 7946 0001" + strings.Repeat(",", MaxColumns+5) + "\n"
	if got, want := brief(t, Options{}, wide), []string{"0 1 TOO_MANY_COLUMNS", "1 2 other: 020 7946 0001"}; !slices.Equal(got, want) {
		t.Errorf("many columns: got %q, want %q", got, want)
	}
}

// A person with thousands of numbers is handed out in parts, all of them.
func TestMany(t *testing.T) {
	var b strings.Builder
	b.WriteString("BEGIN:VCARD\nFN:Ada\n")
	for range 5000 {
		b.WriteString("item1.TEL;TYPE=X-Desk:020 7946 0001\n")
	}
	b.WriteString("END:VCARD\n")
	got := brief(t, Options{}, b.String())
	if len(got) != 5000 {
		t.Fatalf("got %d numbers of 5000", len(got))
	}
	for i, s := range got {
		if s != "1 "+itoa(i+3)+" other Ada: 020 7946 0001" {
			t.Fatalf("number %d: %q", i, s)
		}
	}
	for _, cell := range []string{strings.Repeat("1 ::: ", 680) + "2", "\"" + strings.Repeat("1\n", 2047) + "2\""} {
		want := strings.Count(cell, "1") + 1
		if got := brief(t, Options{}, "Name,Phone\nAda,"+cell+"\n"); len(got) != want {
			t.Fatalf("got %d values of a cell, want %d", len(got), want)
		}
	}
}

// A table without numbers still says what its columns are called, so that a
// page can ask which to take.
func TestColumnsOfRefusedTable(t *testing.T) {
	for _, c := range []struct {
		format     Format
		text, want string
	}{
		{Auto, "Name,City\nAda,London\n", "column\t0\t1\tname\t\t\tName\t\ncolumn\t0\t1\t\t\t\tCity\t\nproblem\t0\t1\tNO_NUMBER_COLUMN\t\t\t\t\n"},
		{CSV, "Wer,Wo\nAda,London\n", "column\t0\t1\tname\t\t\tWer\t\ncolumn\t0\t1\t\t\t\tWo\t\nproblem\t0\t1\tNO_NUMBER_COLUMN\t\t\t\t\n"},
	} {
		if got := string(readChunks(new(Reader), Options{Format: c.format}, []byte(c.text), 5)); got != c.want {
			t.Errorf("%q gives %q", c.text, got)
		}
	}
}

// How many cells are asked whether they are of a second header has a bound, for
// asking costs more than reading. A row of one cell is none. What stands below goes
// on being read.
func TestManyHeaders(t *testing.T) {
	const rows = 20_000
	for _, row := range []string{"word\n", "one,two,three\n"} {
		var r Reader
		text := "Name,Phone\nAda,020 7946 0001\n" + strings.Repeat(row, rows) + "Bob,020 7946 0002\n"
		got := string(readChunks(&r, Options{}, []byte(text), 4096))
		if strings.Count(got, "020 7946 000") != 2 {
			t.Errorf("%q: %q", row, got[:min(len(got), 300)])
		}
		if cells := strings.Count(row, ",") + 1; r.table.looked > 1<<14+cells || cells == 1 && r.table.looked > 1000 {
			t.Errorf("%q: %d cells of %d were asked", row, r.table.looked, cells*rows)
		}
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}
