package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"

	"sealbook/site"
)

// copies returns, for each file that hosts send, its Brotli copy under the
// name with ".br": hosts that look for one beside a file send it instead. What
// it would not make a tenth smaller has none.
//
// Compressing takes seconds, so what an earlier build wrote into the folder
// kept is taken again, if it still holds what it should.
func copies(files folder, kept string) folder {
	made := folder{}
	var wait sync.WaitGroup
	var lock sync.Mutex
	turn := make(chan struct{}, runtime.GOMAXPROCS(0))
	for name, data := range files {
		if strings.HasPrefix(name, "_") {
			continue
		}
		wait.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			small := compress(data, kept)
			if len(small) > len(data)-len(data)/10 {
				return
			}
			lock.Lock()
			made[name+site.Copy] = small
			lock.Unlock()
		})
	}
	wait.Wait()
	return made
}

func compress(data []byte, kept string) []byte {
	path := filepath.Join(kept, sum(data)+site.Copy)
	if small, err := os.ReadFile(path); err == nil {
		if whole, err := io.ReadAll(brotli.NewReader(bytes.NewReader(small))); err == nil && bytes.Equal(whole, data) {
			return small
		}
	}
	var b bytes.Buffer
	w := brotli.NewWriterOptions(&b, brotli.WriterOptions{Quality: brotli.BestCompression, LGWin: 22})
	w.Write(data) // into memory: cannot fail
	w.Close()
	if os.MkdirAll(kept, 0o755) == nil {
		keep(path, b.Bytes())
	}
	return b.Bytes()
}

// keep writes a file under its name only once it is whole: builds may run
// beside each other. One that cannot be kept is made again next time.
func keep(path string, data []byte) {
	f, err := os.CreateTemp(filepath.Dir(path), "new-")
	if err != nil {
		return
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if f.Close() == nil && err == nil {
		os.Rename(f.Name(), path)
	}
}
