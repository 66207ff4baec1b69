package capture_test

import (
	"fmt"
	"os"
	"testing"

	"sealbook/wasm/capture"
	"sealbook/wasm/capture/file"
)

func TestDump(t *testing.T) {
	p := os.Getenv("DUMP")
	if p == "" {
		return
	}
	_, err := file.Read(p, capture.Options{}, func(m *capture.Message) {
		fmt.Printf("#%d.%d %v %v %s %s %s %d t=%d %v\n", m.Index, m.InStream, m.Direction, m.Protocol, m.Method, m.Host, m.Target, m.Status, m.Time, m.Problems)
		for i := range m.Parts {
			x := &m.Parts[i]
			if x.Place != capture.Header {
				fmt.Printf("    %s %v %s %d %.60q\n", x.Location(), x.Chain, x.Type, len(x.Bytes), x.Bytes)
			}
		}
	}, nil)
	fmt.Println(err)
}
