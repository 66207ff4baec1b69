// Serve shows a built site on a local address:
//
//	go run ./site/build -o .build/site
//	go run ./site/serve -dir .build/site -addr 127.0.0.1:8080
//
// It prints the address on standard output once it listens, and ends on an
// interrupt after the requests under way are answered. It is made for one
// machine; a public host needs TLS in front, or the same folder on any static
// host.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"sealbook/site"
)

func main() {
	dir := flag.String("dir", ".build/site", "the folder that site/build wrote")
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on; port 0 takes a free one")
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := serve(*dir, *addr); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

func serve(dir, addr string) error {
	handler, err := site.New(os.DirFS(dir))
	if err != nil {
		return fmt.Errorf("%w\nhint: go run ./site/build -o %s", err, dir)
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	fmt.Printf("http://%s/\n", listener.Addr())
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	// A second interrupt ends the process at once.
	stop()
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}
