package audit

import (
	"encoding/base64"
	"testing"
)

// Containers as other people's tools write them: the bytes are of Python's
// plistlib, gzip and json, in Base64.
func TestContainers(t *testing.T) {
	for _, test := range []struct {
		name, bytes string
		kind        Kind
	}{
		{"binary plist: string", "YnBsaXN0MDDRAQJYY29udGFjdHOhA9EEBVVwaG9uZV0rNDQxMTM0OTYwNjU0CAsUFhkfAAAAAAAAAQEAAAAAAAAABgAAAAAAAAAAAAAAAAAAAC0=", Number},
		{"binary plist: integer", "YnBsaXN0MDDRAQJVcGhvbmUTAAAAZrWxUA4ICxEAAAAAAAABAQAAAAAAAAADAAAAAAAAAAAAAAAAAAAAGg==", Number},
		{"binary plist: UTF-16", "YnBsaXN0MDDRAQJVcGhvbmVvEBB1NYvdACAAKwA0ADQAMQAxADMANAA5ADYAMAA2ADUANAgLEQAAAAAAAAEBAAAAAAAAAAMAAAAAAAAAAAAAAAAAAAA0", Number},
		{"binary plist: data", "YnBsaXN0MDDRAQJRaE8QIOW6/0kejXvEA+KKAZrkS202m2GWAM6P7Sq+G7KyVFmNCAsNAAAAAAAAAQEAAAAAAAAAAwAAAAAAAAAAAAAAAAAAADA=", Digest},
		{"binary plist in base64 in JSON", "eyJwIjogIlluQnNhWE4wTUREUkFRSllZMjl1ZEdGamRIT2hBOUVFQlZWd2FHOXVaVjByTkRReE1UTTBPVFl3TmpVMENBc1VGaGtmQUFBQUFBQUFBUUVBQUFBQUFBQUFCZ0FBQUFBQUFBQUFBQUFBQUFBQUFDMD0ifQ==", Number},
		{"gRPC message in gzip", "AQAAACMfiwgAAAAAAAID4+LVNjExNDQ2sTQzMDM1AQCSa0RrDwAAAA==", Number},
		{"gRPC-Web text", "QUFBQUFBOEtEU3MwTkRFeE16UTVOakEyTlRRPQ==", Number},
		{"MessagePack: string", "gaVwaG9uZa0rNDQxMTM0OTYwNjU0", Number},
		{"digest as signed bytes", "Wy0yNywgLTcwLCAtMSwgNzMsIDMwLCAtMTE1LCAxMjMsIC02MCwgMywgLTMwLCAtMTE4LCAxLCAtMTAyLCAtMjgsIDc1LCAxMDksIDU0LCAtMTAxLCA5NywgLTEwNiwgMCwgLTUwLCAtMTEzLCAtMTksIDQyLCAtNjYsIDI3LCAtNzgsIC03OCwgODQsIDg5LCAtMTE1XQ==", Digest},
		{"vCard in a data URL", "eyJmIjoiZGF0YTp0ZXh0L3ZjYXJkO2Jhc2U2NCxRa1ZIU1U0NlZrTkJVa1FOQ2xSRlREb3JORFFnTVRFeklEUTVOaUF3TmpVMERRcEZUa1E2VmtOQlVrUT0ifQ==", Number},
	} {
		p, err := base64.StdEncoding.DecodeString(test.bytes)
		if err != nil {
			t.Fatal(err)
		}
		sure := false
		r := audit(t, Options{}, body(string(p)))
		for i := range r.Findings {
			f := &r.Findings[i]
			sure = sure || f.Kind == test.kind && f.E164 == ada && f.Certainty >= Likely
		}
		if !sure {
			t.Errorf("%s: %d findings, none of them sure", test.name, len(r.Findings))
		}
	}
}
