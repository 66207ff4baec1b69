package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	"sealbook/site"
	"sealbook/verifier/check"
)

var serveCommand = command{
	name:  "serve",
	usage: []string{"[--policy FILE] [--directory URL] [--address ADDRESS] ZIP | FOLDER"},
	brief: "check a release, then serve it on this machine",
	about: `
Checks a release as site does, and serves those very bytes on this machine with
their header fields, until it is interrupted. No server can change the pages
then: it is the strongest way to use them.

With --directory what the pages send to /v2/ goes on to that directory.`,
	options: []string{"policy", "known", "release", "directory", "address"},
	exits: [3]string{
		"it was served, and interrupted",
		"the release is not what its log says; nothing was served",
		"could not check or serve it",
	},
	samples: []string{"verifier serve sealbook-1.4.0.zip", "verifier serve --directory https://sealbook.example sealbook-1.4.0.zip"},
	run:     runServe,
}

func runServe(s *session) (int, error) {
	if len(s.args) != 1 {
		return 0, fail("one release is needed: a zip or a folder", "")
	}
	if strings.Contains(s.args[0], "://") {
		return 0, fail("serve takes a zip or a folder", "a site on the network could change while it is served")
	}
	r, source, err := s.checkSite(s.args[0])
	if err != nil {
		return 0, err
	}
	if r.Exit() != clean {
		return s.report(r)
	}
	handler, err := site.Handler(check.Files(source))
	if err != nil {
		return 0, fail(err.Error(), "")
	}
	mux := http.NewServeMux()
	mux.Handle("/", handler)
	if s.directory != "" {
		proxy, err := passOn(s.directory)
		if err != nil {
			return 0, err
		}
		mux.Handle("/v2/", proxy)
	}
	address := s.address
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return 0, fail("cannot listen on that address", "--address 127.0.0.1:0 takes a free port")
	}
	if host, ok := listener.Addr().(*net.TCPAddr); !ok || !host.IP.IsLoopback() {
		listener.Close()
		return 0, fail("--address is not one of this machine alone", "such as 127.0.0.1:8080")
	}
	fmt.Fprint(s.errOut, describeSite(r))
	if err := print(s.out, fmt.Sprintf("http://%s/\n", listener.Addr())); err != nil {
		return 0, err
	}
	ctx, stop := interrupted()
	defer stop()
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		server.Shutdown(grace)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return 0, fail("the server stopped", "")
	}
	return clean, nil
}

// passOn passes requests on to a directory, and nothing of this machine with them.
func passOn(address string) (http.Handler, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback())) {
		return nil, fail("--directory is not the address of a directory", "https, or http on this machine")
	}
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(u)
		for _, name := range []string{"Referer", "Cookie", "Origin"} {
			r.Out.Header.Del(name)
		}
	}}, nil
}
