package witness_test

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/verifier/witness"
)

// folderVariable makes this program a witness instead of its tests.
const folderVariable = "SEALBOOK_TEST_WITNESS"

func TestMain(m *testing.M) {
	if dir := os.Getenv(folderVariable); dir != "" {
		w := start(new(testing.B), dir)
		server := httptest.NewServer(w)
		fmt.Println(server.URL)
		bufio.NewReader(os.Stdin).ReadByte() // until the test ends or kills it
		return
	}
	os.Exit(m.Run())
}

// Killed at any moment, a witness comes back with all that it cosigned: the other
// history gets nothing.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	a, fork := newHistory(t, "a", 0, 120), newHistory(t, "b", 0, 120)
	signed, size := map[int64]tlog.Hash{}, int64(0)
	for round := range 6 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), folderVariable+"="+dir)
		in, err := cmd.StdinPipe()
		out, err2 := cmd.StdoutPipe()
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		address, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		address = strings.TrimSpace(address) + witness.Path
		post := func(h *history, old, to int64) (int, int64) {
			res, err := http.Post(address, "text/plain", strings.NewReader(h.submission(t, old, to)))
			if err != nil {
				return 0, 0 // killed
			}
			defer res.Body.Close()
			var at int64
			if res.StatusCode == http.StatusConflict {
				fmt.Fscanf(res.Body, "%d\n", &at)
			}
			return res.StatusCode, at
		}
		// What is kept is what was answered, or one that was under way.
		status, at := post(fork, 110, 120)
		if round > 0 && (status != 409 || at < size || at > size+1) {
			t.Fatalf("round %d: %d, %d entries kept, %d cosigned", round, status, at, size)
		}
		size = at
		if round > 0 {
			if status, _ := post(fork, at, at); status != 409 {
				t.Fatalf("round %d: the other history of the same size: %d", round, status)
			}
			if status, _ := post(fork, at, at+1); status != 422 {
				t.Fatalf("round %d: the other history: %d", round, status)
			}
		}
		var killed sync.WaitGroup
		for n := size + 1; n <= 110; n++ {
			if n == size+int64(3+2*round) {
				killed.Go(func() { cmd.Process.Kill() })
			}
			if status, _ := post(a, n-1, n); status != 200 {
				break
			}
			signed[n] = a.tree(t, n).Hash
		}
		for n := range signed {
			size = max(size, n)
		}
		killed.Wait()
		cmd.Process.Kill()
		in.Close()
		cmd.Wait()
	}
	if len(signed) < 6 {
		t.Errorf("only %d were cosigned", len(signed))
	}
}
