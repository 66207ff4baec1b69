// Hosting writes the configuration of a web server for a built site: the header
// fields of its _headers, which that server does not read, and the little that
// the site needs beside them.
//
//	go run ./site/hosting -site dist/site -server nginx -address 127.0.0.1:8080
//
// It goes to standard output. HOSTING.md beside package site tells how it is
// used; ./build.sh hosts runs each with the real program.
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sealbook/site"
)

func main() {
	dir := flag.String("site", "dist/site", "the built site's `folder`")
	server := flag.String("server", "", "nginx, caddy or apache")
	address := flag.String("address", "127.0.0.1:8080", "where the server listens; its name and certificate are yours to add")
	flag.Parse()
	text, err := run(*dir, *server, *address)
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
	fmt.Print(text)
}

func run(dir, server, address string) (string, error) {
	write, ok := map[string]func(host) string{"nginx": nginx, "caddy": caddy, "apache": apache}[server]
	if !ok {
		return "", fmt.Errorf("no server %q: there are nginx, caddy and apache", server)
	}
	text, err := os.ReadFile(filepath.Join(dir, site.HeadersFile))
	if err != nil {
		return "", fmt.Errorf("%s is no built site: it has no %s", dir, site.HeadersFile)
	}
	whole, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	h, err := newHost(string(text))
	if err != nil {
		return "", err
	}
	h.dir, h.address = filepath.ToSlash(whole), address
	return write(h), nil
}

// host is what a configuration is made of.
type host struct {
	dir, address string
	all          []site.Field
	own          map[string][]site.Field // by path
}

func newHost(headers string) (host, error) {
	fields, err := site.Fields(headers)
	if err != nil {
		return host{}, err
	}
	h := host{own: map[string][]site.Field{}}
	for _, f := range fields {
		if strings.ContainsAny(f.Value+f.Path, "\"\\$%{}\r\n") {
			return host{}, fmt.Errorf("%s has a letter that means something to a server", f.Name)
		}
		if f.Path == "*" {
			h.all = append(h.all, f)
		} else {
			h.own[f.Path] = append(h.own[f.Path], f)
		}
	}
	if len(h.all) == 0 || len(h.own["/404.html"]) == 0 {
		return host{}, fmt.Errorf("it has no fields for all paths, or none for 404.html")
	}
	return h, nil
}

// paths are those that have fields of their own, sorted.
func (h host) paths() []string { return slices.Sorted(maps.Keys(h.own)) }

// mime are the types that servers do not know, or not as browsers want them.
var mime = [][2]string{
	{"text/html", "html"}, {"text/css", "css"}, {"text/javascript", "js"}, {"application/json", "json"}, {"image/svg+xml", "svg"}, {"image/png", "png"},
	{"application/wasm", "wasm"}, {"application/manifest+json", "webmanifest"}, {"text/plain", "txt tlog-proof"},
}

const head = "# For Sealbook, from its _headers: go run ./site/hosting\n"

// nginx is a server block. Its add_header of a location replaces those around it,
// so each location has all.
func nginx(h host) string {
	var b strings.Builder
	port := h.address
	fmt.Fprintf(&b, head+"server {\n\tlisten %s;\n\troot \"%s\";\n\terror_page 404 /404.html;\n\tcharset utf-8;\n\tcharset_types text/css text/javascript text/plain;\n\tdefault_type application/octet-stream;\n\ttypes {\n", port, h.dir)
	for _, m := range mime {
		fmt.Fprintf(&b, "\t\t%s %s;\n", m[0], m[1])
	}
	b.WriteString("\t}\n")
	fields := func(list []site.Field) {
		for _, f := range append(slices.Clone(h.all), list...) {
			fmt.Fprintf(&b, "\t\tadd_header %s \"%s\" always;\n", f.Name, f.Value)
		}
	}
	b.WriteString("\n\tlocation / {\n\t\ttry_files $uri =404;\n")
	fields(nil)
	b.WriteString("\t}\n\tlocation = /_headers {\n\t\treturn 404;\n\t}\n")
	for _, path := range h.paths() {
		file := path
		if path == "/" {
			file = "/index.html"
		} else if filepath.Ext(path) == "" {
			file = path + ".html" // without its ending
		}
		fmt.Fprintf(&b, "\tlocation = %s {\n\t\ttry_files %s =404;\n", path, file)
		fields(h.own[path])
		b.WriteString("\t}\n")
	}
	return b.String() + "}\n"
}

// caddy is a Caddyfile.
func caddy(h host) string {
	var b strings.Builder
	fmt.Fprintf(&b, head+"http://%s {\n\troot * \"%s\"\n", h.address, h.dir)
	for _, f := range h.all {
		fmt.Fprintf(&b, "\theader %s \"%s\"\n", f.Name, f.Value)
	}
	for i, path := range h.paths() {
		fmt.Fprintf(&b, "\t@own%d path %s\n", i, path)
		for _, f := range h.own[path] {
			fmt.Fprintf(&b, "\theader @own%d %s \"%s\"\n", i, f.Name, f.Value)
		}
	}
	b.WriteString("\t@list path /_headers\n\terror @list 404\n\t@plain path *.tlog-proof /SHA256SUMS /log/checkpoint /log/manifest/*\n\theader @plain Content-Type \"text/plain; charset=utf-8\"\n\theader /log/tile/* Content-Type application/octet-stream\n")
	b.WriteString("\ttry_files {path} {path}.html\n\tfile_server {\n\t\tprecompressed br\n\t}\n\thandle_errors {\n")
	for _, f := range slices.Concat(h.all, h.own["/404.html"]) {
		fmt.Fprintf(&b, "\t\theader %s \"%s\"\n", f.Name, f.Value)
	}
	return b.String() + "\t\theader Content-Type \"text/html; charset=utf-8\"\n\t\trewrite * /404.html\n\t\tfile_server\n\t}\n}\n"
}

// apache is a virtual host; what is inside its Directory may stand in a .htaccess
// as well. It needs mod_headers, mod_rewrite, mod_mime and mod_dir.
func apache(h host) string {
	var b strings.Builder
	fmt.Fprintf(&b, head+"<VirtualHost %s>\n\tDocumentRoot \"%s\"\n\t<Directory \"%s\">\n\t\tRequire all granted\n\t\tOptions -MultiViews -Indexes\n\t\tDirectoryIndex index.html\n\t\tErrorDocument 404 /404.html\n\t\tAddDefaultCharset off\n", h.address, h.dir, h.dir)
	for _, m := range mime {
		fmt.Fprintf(&b, "\t\tAddType %s %s\n", m[0], m[1])
	}
	b.WriteString("\t\tAddCharset utf-8 html css js txt\n\t\t# \"a.html.br\" has two endings, and Apache would go by the first.\n\t\t<FilesMatch \"\\.br$\">\n\t\t\tForceType application/octet-stream\n\t\t</FilesMatch>\n\t\tRewriteEngine On\n\t\tRewriteRule ^_headers$ - [R=404,L]\n\t\tRewriteCond %{REQUEST_FILENAME}.html -f\n\t\tRewriteRule ^([a-z0-9-]+)$ $1.html [L]\n")
	for _, f := range h.all {
		fmt.Fprintf(&b, "\t\tHeader always set %s \"%s\"\n", f.Name, f.Value)
	}
	for _, path := range h.paths() {
		if path != "/" && filepath.Ext(path) == "" {
			continue // a file with its ending, by the rewriting above
		}
		fmt.Fprintf(&b, "\t\t<If \"%%{REQUEST_URI} == '%s'\">\n", path)
		for _, f := range h.own[path] {
			fmt.Fprintf(&b, "\t\t\tHeader always set %s \"%s\"\n", f.Name, f.Value)
		}
		b.WriteString("\t\t</If>\n")
	}
	return b.String() + "\t</Directory>\n</VirtualHost>\n"
}
