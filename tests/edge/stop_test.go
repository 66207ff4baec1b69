package edge_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sealbook/wasm/directory"
)

// An operator who ends the server ends no request that is under way.
func TestShutdown(t *testing.T) {
	data := t.TempDir()
	p := start(t, data)
	a := mustJoin(t, p, "+12025550101")
	host := strings.TrimPrefix(p.url, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := eight()
	fmt.Fprintf(conn, "POST /v2/evaluations HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n", host, a.credential, len(body))
	if _, err := conn.Write(body[:50]); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond) // the server is reading
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	refused := false
	for range 100 {
		c, err := net.Dial("tcp", host)
		if refused = err != nil; refused {
			break
		}
		c.Close()
		time.Sleep(50 * time.Millisecond)
	}
	if !refused {
		t.Error("new connections are still taken")
	}
	if _, err := conn.Write(body[50:]); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 || len(answer) != len(body)+64 {
		t.Errorf("%d, %d bytes, %v", res.StatusCode, len(answer), err)
	}
	<-p.ended
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if left, _ := filepath.Glob(filepath.Join(data, "*-wal")); len(left) > 0 {
		t.Error("a WAL remains")
	}
}

// Who sends slowly is told, and holds nothing up.
func TestSlow(t *testing.T) {
	p := start(t, t.TempDir(), "-patience", "1s")
	a := mustJoin(t, p, "+12025550101")
	host := strings.TrimPrefix(p.url, "http://")
	slow := func(head string) (*http.Response, error) {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := conn.Write([]byte(head)); err != nil {
			t.Fatal(err)
		}
		go func() {
			for range 100 {
				if _, err := conn.Write([]byte("x")); err != nil {
					return
				}
				time.Sleep(100 * time.Millisecond)
			}
		}()
		if err := conn.SetReadDeadline(time.Now().Add(8 * time.Second)); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(res.Body)
		if err == nil && problemCode(body) != directory.BodyTimeout {
			err = fmt.Errorf("problem %q", problemCode(body))
		}
		return res, err
	}
	res, err := slow("POST /v2/evaluations HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + a.credential + "\r\nContent-Type: application/octet-stream\r\nContent-Length: 3200\r\n\r\n")
	if err != nil || res.StatusCode != 408 {
		t.Errorf("a slow body: %v %v", res, err)
	}
	// A head that does not end gets no answer, and the connection's end.
	if _, err := slow("POST /v2/evaluations HTTP/1.1\r\nHost: h\r\nX: "); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a slow head: %v", err)
	}
	status, body, err := raw("GET", p.url+"/v2/me", "", a.credential, nil)
	if err != nil || status != 200 || !bytes.Contains(body, []byte(`"used":0`)) {
		t.Errorf("%d %v", status, err)
	}
}
