package batch

import (
	"testing"

	"sealbook/wasm/number"
)

// TestRecord holds what a record's methods say against package number.
func TestRecord(t *testing.T) {
	b := new(Batch)
	for _, c := range []struct{ text, region string }{
		{"020 7946 0018", "GB"}, {"+44 20 7946 0018 ext. 123", ""}, {"+800 1234 5678", ""}, {"7946 0018", "GB"}, {"+1 201 555 0123", ""}, {"x", "GB"}, {"+999 1", ""},
	} {
		n, code := number.ParseBytes([]byte(c.text), c.region)
		for _, mode := range []Mode{Single, Single | Info} {
			if got, failure := b.Parse(copy(b.Input[:], c.text), RegionCode(c.region), mode); got != 1 || failure != 0 {
				t.Fatalf("%q: %d", c.text, got)
			}
			r := &b.Records[0]
			if r.Code() != code {
				t.Fatalf("%q: %v, not %v", c.text, r.Code(), code)
			}
			if code != number.OK {
				if len(r.E164()) != 0 || len(r.Region()) != 0 || r.HasInfo() || r.CallingCode() != 0 {
					t.Errorf("%q: more than a code: %v", c.text, *r)
				}
				continue
			}
			if string(r.E164()) != n.Format(number.E164) || int(r.CallingCode()) != n.CallingCode() || r.ExtensionLen() != n.ExtensionLen() {
				t.Errorf("%q: %s %d %d", c.text, r.E164(), r.CallingCode(), r.ExtensionLen())
			}
			info := n.Info()
			if mode&Info == 0 {
				info = number.Info{}
			}
			if r.HasInfo() != (mode&Info != 0) || r.Valid() != info.Valid || r.Type() != info.Type || r.Possibility() != info.Possible || string(r.Region()) != info.Region {
				t.Errorf("%q: %v %v %v %s, want %+v", c.text, r.Valid(), r.Type(), r.Possibility(), r.Region(), info)
			}
		}
	}
}
