package discovery_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sealbook/verifier/discovery"
	"sealbook/verifier/discovery/discoverytest"
)

// wire is a socket before a directory that writes down what comes, to the byte:
// what the platform adds to a request, in which order, on which connection.
type wire struct {
	net.Listener
	d           *discoverytest.Directory
	mu          sync.Mutex
	connections int
	heads       []string
	done        sync.WaitGroup
}

func listen(t *testing.T, d *discoverytest.Directory) *wire {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{Listener: l, d: d}
	w.done.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			w.mu.Lock()
			w.connections++
			n := w.connections
			w.mu.Unlock()
			w.done.Go(func() { w.serve(c, n) })
		}
	})
	return w
}

var masked = regexp.MustCompile(`Bearer \S+`)

func (w *wire) serve(c net.Conn, n int) {
	defer c.Close()
	var raw bytes.Buffer
	r := bufio.NewReaderSize(io.TeeReader(c, &raw), 1) // no more is read than is asked for
	for {
		raw.Reset()
		request, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		head, _, _ := strings.Cut(raw.String(), "\r\n\r\n")
		w.mu.Lock()
		w.heads = append(w.heads, fmt.Sprintf("connection %d: %s", n, masked.ReplaceAllString(head, "masked")))
		response, err := w.d.RoundTrip(request)
		w.mu.Unlock()
		if err != nil || response.Write(c) != nil {
			return
		}
	}
}

// Two disjoint books over a socket: the same bytes but for credentials and
// elements, and nothing that names the program.
func TestUniformOnTheWire(t *testing.T) {
	d := discoverytest.New(3, time.Now)
	d.Put(d.PersonOf(fiction(1), "1"), d.PersonOf(fiction(2), "2"))
	mine := []*discovery.Mine{d.Account(fiction(9000), "a"), d.Account(fiction(9001), "b")}
	d.Publish()
	var heads [2][]string
	for who, book := range [][]string{numbers(0, 30), numbers(100, 20)} {
		w := listen(t, d)
		client, err := discovery.New("http://"+w.Addr().String(), discovery.Options{Key: d.Key()})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			result, err := client.Sync(background, discovery.Search{Mine: mine[who], Numbers: book})
			if err != nil || len(result.Found) != 2-2*who {
				t.Fatal(result, err)
			}
		}
		w.Close()
		w.mu.Lock()
		for _, head := range w.heads {
			heads[who] = append(heads[who], strings.ReplaceAll(head, w.Addr().String(), "directory"))
		}
		w.mu.Unlock()
	}
	if !slices.Equal(heads[0], heads[1]) || len(heads[0]) != 14 {
		t.Errorf("%q\n%q", heads[0], heads[1])
	}
	allowed := []string{"Host: directory", "Authorization: masked", "Content-Type: application/octet-stream", fmt.Sprintf("Content-Length: %d", 64*32)}
	for _, head := range heads[0] {
		for _, field := range strings.Split(head, "\r\n")[1:] {
			if !slices.Contains(allowed, field) {
				t.Errorf("%q is sent", field)
			}
		}
	}
}
