package edge_test

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"sealbook/tests/edge/suite"
)

// behind is a proxy that keeps answers for as long as they say, and longer asks
// nobody.
func behind(t *testing.T, target string) *httptest.Server {
	to, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	type kept struct {
		status int
		header http.Header
		body   []byte
	}
	var mu sync.Mutex
	cache := map[string]kept{}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.Transport = &http.Transport{DisableKeepAlives: true, DisableCompression: true} // see suite.Server.OneShot
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Requests overtake each other.
		time.Sleep(time.Duration(rand.IntN(3)) * time.Millisecond)
		key := r.Method + " " + r.URL.String() + " " + r.Header.Get("Range")
		mu.Lock()
		k, ok := cache[key]
		mu.Unlock()
		if !ok {
			rec := httptest.NewRecorder()
			proxy.ServeHTTP(rec, r)
			k = kept{rec.Code, rec.Header(), rec.Body.Bytes()}
			if strings.Contains(k.header.Get("Cache-Control"), "max-age") {
				mu.Lock()
				cache[key] = k
				mu.Unlock()
			}
		}
		for name, values := range k.header {
			w.Header()[name] = values
		}
		w.WriteHeader(k.status)
		w.Write(k.body)
	}))
	t.Cleanup(server.Close)
	return server
}

// Behind a proxy that caches for ever what may be cached, and lets requests
// overtake each other, everybody sees whole and present states.
func TestBehindAProxy(t *testing.T) {
	p := newInProcess(t)
	s := p.suite(t)
	proxy := behind(t, p.server.URL)
	follower := suite.New(proxy.URL, s.Key, s.Code).Follow()
	var count uint32
	for range 10 {
		follower.Join(t)
		count++
		p.publish(t)
		if tags := follower.Look(t); tags.Count != count {
			t.Errorf("%d people are published, and %d seen", count, tags.Count)
		}
		p.ahead.Add(int64(time.Minute))
	}
	// Many at once, while states come.
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			other := suite.New(proxy.URL, s.Key, s.Code).Follow()
			for range 5 {
				other.Look(t)
			}
		})
	}
	for range 5 {
		follower.Join(t)
		p.publish(t)
	}
	group.Wait()
}
