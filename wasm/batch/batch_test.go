package batch

import (
	"bytes"
	"strings"
	"testing"

	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

var b = new(Batch) // a megabyte, shared by the tests of this package

// parse runs the whole text through Parse, call after call, as a host does.
func parse(t *testing.T, text, region string, mode Mode) (records []Record, lines []string) {
	t.Helper()
	rest := []byte(text)
	for {
		n := copy(b.Input[:], rest)
		items, failure := b.Parse(n, RegionCode(region), mode)
		if failure != 0 {
			t.Fatal(failure)
		}
		if items == 0 {
			return records, lines
		}
		if items != int(b.Status.Items) {
			t.Fatalf("answered %d items, status says %d", items, b.Status.Items)
		}
		records = append(records, b.Records[:items]...)
		if written := b.Out[:b.Status.Written]; len(written) > 0 {
			lines = append(lines, strings.Split(strings.TrimSuffix(string(written), "\n"), "\n")...)
		}
		rest = rest[b.Status.Consumed:]
		if mode&Single != 0 || len(rest) == 0 {
			return records, lines
		}
	}
}

func TestParse(t *testing.T) {
	records, lines := parse(t, "020 7946 0018\nnone\n\n+358 40 1234567", "GB", Info|Text(number.E164))
	if got, want := strings.Join(lines, "|"), "+442079460018|||+358401234567"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
	if len(records) != 4 {
		t.Fatalf("%d records, want 4", len(records))
	}
	want := Record{0, flagValid | flagInfo | flagRegion, byte(number.FixedLine), 0, 'G', 'B', 0, 13}
	copy(want[8:], "+442079460018")
	want[30] = 44
	if records[0] != want {
		t.Errorf("record % x, want % x", records[0], want)
	}
	for i := 1; i <= 2; i++ {
		if records[i] != (Record{byte(number.NotANumber)}) {
			t.Errorf("record %d is % x", i, records[i])
		}
	}
}

func TestFraming(t *testing.T) {
	for _, c := range []struct {
		text string
		mode Mode
		want int
	}{
		{"", 0, 0}, {"\n", 0, 1}, {"1", 0, 1}, {"1\n", 0, 1}, {"1\n\n", 0, 2}, {"\n\n\n1", 0, 4},
		{"", Single, 1}, {"1\n2\n", Single, 1},
	} {
		if records, _ := parse(t, c.text, "", c.mode); len(records) != c.want {
			t.Errorf("%q, mode %d: %d items, want %d", c.text, c.mode, len(records), c.want)
		}
	}
}

func TestManyItems(t *testing.T) {
	const n = 3*MaxItems + 5
	records, lines := parse(t, strings.Repeat("+44 20 7946 0018\n", n), "", Text(number.Dialled))
	if len(records) != n || len(lines) != n {
		t.Fatalf("%d records, %d lines, want %d", len(records), len(lines), n)
	}
	for i := range lines {
		if lines[i] != "00442079460018" {
			t.Fatalf("line %d is not the number that went in", i)
		}
	}
}

func TestRegionPerLine(t *testing.T) {
	_, lines := parse(t, "GB\t020 7946 0018\nFI\t040 1234567\n\t+1 201 555 0123\n040 1234567\nfi\t040 1234567", "FI", RegionPerLine|Text(number.E164))
	// A line without a tab has no region, and regions are upper-case.
	if got, want := strings.Join(lines, "|"), "+442079460018|+358401234567|+12015550123||"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFailures(t *testing.T) {
	fresh := new(Batch)
	spec := func(s string) int { return copy(fresh.Input[:], s) }
	first := func(_ int, f Failure) Failure { return f }
	handle := func(h int, _ Failure) int { return h }
	blinder := new(Blinder)
	begin := func(recipe, digest, region string) Failure {
		return blinder.SearchBegin(copy(blinder.Input[:], recipe+digest), RegionCode(region), len(recipe))
	}
	for name, c := range map[string]struct{ got, want Failure }{
		"too long":        {first(fresh.Parse(InputSize+1, 0, 0)), Length},
		"negative":        {first(fresh.Parse(-1, 0, 0)), Length},
		"mode":            {first(fresh.Parse(0, 0, 8)), BadMode},
		"format":          {first(fresh.Parse(0, 0, 0xF0)), BadMode},
		"region":          {first(fresh.Parse(0, RegionCode("gb"), 0)), Region},
		"four letters":    {first(fresh.Parse(0, 0x41414141, 0)), Region},
		"no recipe":       {first(fresh.Recipe(spec("nobody-knows"))), Recipe},
		"handle":          {first(fresh.Digest(recipe.Count(), 0)), Recipe},
		"negative handle": {first(fresh.Hash(0, -1, 0)), Recipe},
		"not computable":  {first(fresh.Recipe(spec("linkedin-capi"))), NotComputable},
		"before parse":    {first(fresh.Digest(0, 1)), State},
		"no plain format": {first(fresh.Parse(0, 0, Text(number.National))), BadMode},
		"no plain form":   {first(fresh.Digest(handle(fresh.Recipe(spec("spaced_intl/sha256/hex"))), 0)), Form},
		"before begin":    {first(blinder.Search(0, 1)), State},
		"not a digest":    {begin("bereal", "00", "GB"), Digest},
		"no numbers":      {begin("bereal", strings.Repeat("0", 64), "ZZ"), Space},
		"no such recipe":  {begin("nobody-knows", "00", "GB"), Recipe},
		"own, malformed":  {begin("form=e164_plus alg=sha256 enc=hex", "00", "GB"), Spec},
		"named too long":  {blinder.SearchBegin(2, 0, 3), Length},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
}

func TestDigest(t *testing.T) {
	handle, failure := b.Recipe(copy(b.Input[:], "google-enhanced-conversions"))
	if failure != 0 {
		t.Fatal(failure)
	}
	b.Parse(copy(b.Input[:], "(800)555-0100\nnone\n+18005550100"), RegionCode("US"), 0)
	const digest = "fb4f73a6ec5fdb7077d564cdd22c3554b43ce49168550c3b12c547b78c517b30\n"
	if n, failure := b.Digest(handle, 0); n != 3 || failure != 0 {
		t.Fatal(n, failure)
	}
	if got := string(b.Out[:b.Status.Written]); got != digest+"\n"+digest {
		t.Errorf("got %q", got)
	}
	if n, failure := b.Digest(handle, 2); n != 1 || failure != 0 || string(b.Out[:b.Status.Written]) != digest {
		t.Errorf("from the third: %d, %v", n, failure)
	}
	if n, failure := b.Hash(copy(b.Input[:], "+18005550100"), handle, 0); n != 1 || failure != 0 || string(b.Out[:b.Status.Written]) != digest {
		t.Errorf("hash: %d, %v", n, failure)
	}
}

// Digests longer than the text buffer come in several calls, each line once.
func TestDigestInParts(t *testing.T) {
	handle, failure := b.Recipe(copy(b.Input[:], "e164_plus/sha512/hex"))
	if failure != 0 {
		t.Fatal(failure)
	}
	n, _ := b.Parse(copy(b.Input[:], strings.Repeat("+442079460018\n", MaxItems)), 0, 0)
	if n != MaxItems {
		t.Fatalf("%d items", n)
	}
	total := 0
	for calls := 0; total < n; calls++ {
		done, failure := b.Digest(handle, total)
		if failure != 0 || done == 0 || calls > 10 {
			t.Fatal(done, failure)
		}
		if lines := bytes.Count(b.Out[:b.Status.Written], []byte("\n")); lines != done {
			t.Fatalf("%d lines for %d items", lines, done)
		}
		total += done
	}
	if total != n {
		t.Fatalf("%d digests of %d numbers", total, n)
	}
}

func TestOwnRecipes(t *testing.T) {
	fresh := new(Batch)
	var handles [MaxOwn + 1]int
	for i := range handles {
		h, failure := fresh.Recipe(copy(fresh.Input[:], "digits_cc/sha256/hex/"+string(rune('1'+i))))
		if failure != 0 {
			t.Fatal(failure)
		}
		handles[i] = h
	}
	if handles[MaxOwn] != handles[0] {
		t.Error("the ninth own recipe does not take the first slot")
	}
	fresh.Parse(copy(fresh.Input[:], "+442079460018"), 0, 0)
	for i, h := range handles[1:] {
		if _, failure := fresh.Digest(h, 0); failure != 0 || fresh.Status.Written != uint32(2*(i+2)+1) {
			t.Errorf("slot %d: %v, %d bytes", i, failure, fresh.Status.Written)
		}
	}
}

func TestSearch(t *testing.T) {
	blinder := new(Blinder)
	r, _ := recipe.Lookup("signal-legacy")
	space, ok := number.Mobiles("FI")
	if !ok {
		t.Fatal("Finland has no mobile numbers")
	}
	const at = 12345
	n := space.At(at)
	input := r.Append([]byte(r.ID()), n)
	if failure := blinder.SearchBegin(copy(blinder.Input[:], input), RegionCode("FI"), len(r.ID())); failure != 0 {
		t.Fatal(failure)
	}
	if size := uint64(blinder.Status.Written) | uint64(blinder.Status.High)<<32; size != space.Len() {
		t.Errorf("size %d, want %d", size, space.Len())
	}
	if found, _ := blinder.Search(0, at); found != 0 || blinder.Status.Items != at {
		t.Errorf("found before it is there, or %d tried", blinder.Status.Items)
	}
	if found, _ := blinder.Search(at-10, 20); found != 1 || string(blinder.Out[:blinder.Status.Written]) != n.String() {
		t.Error("not found where it is")
	}
	if found, _ := blinder.Search(space.Len(), 100); found != 0 || blinder.Status.Items != 0 {
		t.Error("found beyond the end")
	}
}

// A digest of a form that the core does not write is that of its text.
func TestFormattedForm(t *testing.T) {
	const spec = "spaced_intl/sha256/hex"
	made, err := recipe.Parse(spec)
	if err != nil {
		t.Fatal(err)
	}
	var n number.Number
	n.UnmarshalText([]byte("+442079460018"))
	f := new(Formatter)
	if items, failure := f.Format(copy(f.Input[:], "+442079460018\n"), number.International); items != 1 || failure != 0 {
		t.Fatal(items, failure)
	}
	handle, failure := b.Recipe(copy(b.Input[:], spec))
	if failure != 0 {
		t.Fatal(failure)
	}
	b.Hash(copy(b.Input[:], f.Out[:f.Status.Written]), handle, 0)
	if got, want := string(b.Out[:b.Status.Written]), string(made.Append(nil, n))+"\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNoAllocation(t *testing.T) {
	n := copy(b.Input[:], strings.Repeat("020 7946 0018\n+358 40 1234567\nnone\n", 100))
	input := bytes.Clone(b.Input[:n])
	if allocs := testing.AllocsPerRun(5, func() {
		copy(b.Input[:], input)
		b.Parse(n, RegionCode("GB"), Info|Text(number.Significant))
		for h := range recipe.Count() {
			b.Digest(h, 0)
		}
	}); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
