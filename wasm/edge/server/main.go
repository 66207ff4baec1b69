// Server runs a directory on one machine, with SQLite in a file, and the site
// on the same address:
//
//	go run ./site/build -o .build/site
//	go run ./wasm/edge/server -dir .build/site -data .build/directory
//
// It prints the address and the key that checks the directory's notes, and ends
// on an interrupt after the requests under way are answered. A public host
// needs TLS in front.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"sealbook/site"
)

func main() {
	o, err := parseOptions(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		// A second interrupt ends the process at once.
		context.AfterFunc(ctx, stop)
		err = run(ctx, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

func run(ctx context.Context, o options) error {
	s, err := openService(ctx, o)
	if err != nil {
		return err
	}
	defer s.close()
	switch {
	case o.adoptLog != "":
		return s.adoptLog(ctx, o)
	case o.exportTo != "":
		return s.export(ctx, o.exportTo)
	case o.importFrom != "":
		return s.importFrom(ctx, o, o.importFrom)
	case o.startEpoch:
		return s.startEpoch(ctx, o)
	case o.former != "":
		return s.rotateSeed(ctx, o)
	}
	if err := s.begin(ctx, o); err != nil {
		return err
	}
	handler, err := routes(s.handler, o.dir)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.addr)
	if err != nil {
		return err
	}
	if o.metrics != "" {
		metrics, err := serveMetrics(o.metrics, s.handler)
		if err != nil {
			return err
		}
		defer metrics.Close()
	}
	fmt.Printf("site and directory: http://%s/\ndirectory key: %s\n", listener.Addr(), s.handler.VerifierKey())
	if o.sender == development {
		fmt.Println("development sender: codes are shown here; nobody gets a message")
	}
	return serve(ctx, listener, handler, s, o.patience)
}

// routes puts site and directory on one address. Without a folder there is the
// directory alone.
func routes(directory http.Handler, dir string) (http.Handler, error) {
	if dir == "" {
		return directory, nil
	}
	pages, err := site.New(os.DirFS(dir))
	if err != nil {
		return nil, fmt.Errorf("%w\nhint: go run ./site/build -o %s", err, dir)
	}
	// Not a ServeMux: it answers unclean paths with redirects of its own.
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/v2/") {
			directory.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	}), nil
}

// Slow requests may not hold connections: a batch of evaluations has 32 KiB, and
// the longest answer are all records.
const (
	answerTime = 5 * time.Minute
	idleTime   = 2 * time.Minute
	graceTime  = 15 * time.Second
)

// serve answers until ctx ends, and then what is under way.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, s *service, patience time.Duration) error {
	server := &http.Server{
		Handler:        handler,
		ReadTimeout:    patience,
		WriteTimeout:   answerTime,
		IdleTimeout:    idleTime,
		MaxHeaderBytes: 16 << 10,
		ErrorLog:       log.New(io.Discard, "", 0), // it tells of clients' addresses
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	var group sync.WaitGroup
	defer group.Wait() // the database is closed after it
	ctx, end := context.WithCancel(ctx)
	defer end()
	group.Go(func() { s.keepPublishing(ctx) })
	group.Go(func() { s.keepClean(ctx) })
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), graceTime)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return fmt.Errorf("some requests were not answered within %v: %w", graceTime, err)
	}
	return nil
}
