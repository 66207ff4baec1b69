// Build assembles the pages into a folder that any static host can serve:
//
//	go run ./site/build -o .build/site
//
// It copies modules and icons byte for byte, and writes:
//
//	*.html          pages with their scripts inside, from site/pages, site/page
//	                and the texts of site/text
//	worker/*.js     workers, each joined into one file
//	sw.js           the service worker with its list of files and their hashes
//	*.br            of each file that gets smaller a Brotli copy
//	_headers        header fields, for the host
//	SHA256SUMS      of every file but itself, to check the site from outside
//
// Nothing of time, place or machine goes in: the same sources give the same
// bytes, which a test holds it to.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("o", ".build/site", "folder to write; what it held before is removed")
	version := flag.String("version", "", "the version of a release; its service worker installs it if it is in the log")
	keys := flag.String("keys", "", "the file with the keys of that log")
	policy := flag.String("policy", "verifier/trust.policy", "the policy that names the witnesses of that log")
	root := flag.String("root", "", "root of the repository; found from the working directory by default")
	flag.Parse()
	if flag.NArg() > 0 || (*version == "") != (*keys == "") {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*root, *out, *version, *keys, *policy); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

func run(root, out, version, keys, policy string) error {
	if root == "" {
		var err error
		if root, err = findRoot(); err != nil {
			return err
		}
	}
	var log *release
	if version != "" {
		text, err := os.ReadFile(keys)
		if err != nil {
			return err
		}
		witnesses, err := os.ReadFile(policy)
		if err != nil {
			return err
		}
		if log, err = newRelease(version, string(text), string(witnesses)); err != nil {
			return err
		}
	}
	files, err := assemble(os.DirFS(root), log)
	if err != nil {
		return err
	}
	files.finish(filepath.Join(root, ".build", "brotli"))
	return write(out, files)
}

// findRoot returns the nearest folder upwards that holds go.mod.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("no go.mod here or above\nhint: run it within the repository, or give -root")
		}
		dir = parent
	}
}

// write replaces the folder's content. A folder that holds anything but a
// built site is left alone.
func write(out string, files folder) error {
	if entries, err := os.ReadDir(out); err == nil && len(entries) > 0 {
		if _, err := os.Stat(filepath.Join(out, "SHA256SUMS")); err != nil {
			return fmt.Errorf("%s holds something other than a built site\nhint: choose another folder or empty this one", out)
		}
		if err := os.RemoveAll(out); err != nil {
			return err
		}
	}
	for _, name := range files.names() {
		path := filepath.Join(out, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}
