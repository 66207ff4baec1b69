package trust

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// MaxManifest is the most bytes of a manifest.
const MaxManifest = 1 << 20

// A Manifest is what a release consists of:
//
//	sealbook manifest v1
//	version 1.4.0
//	commit 3f1c0de5a2b94c7e8d6f00112233445566778899
//	go 1.26.8
//	header * Referrer-Policy: no-referrer
//	header /find.html Content-Security-Policy: …
//	file SHA256HEX SIZE sha384-BASE64 PATH
//
// The lines of headers and those of files are sorted by their bytes. Nobody
// signs it: an entry of the log has its hash.
type Manifest struct {
	Version string
	Commit  string // 40 hexadecimal digits
	Module  string // "PATH h1:…" of the Go checksum database; may be empty
	Tools   []Tool // the first is go
	Headers []Header
	Files   []ManifestFile
}

// A Tool is one that made the release.
type Tool struct{ Name, Version string }

// A Header is a field that a path is sent with.
type Header struct {
	Path        string // "*" for all, or beginning with "/"
	Name, Value string
}

// A ManifestFile is a file of a release.
type ManifestFile struct {
	SHA256 [32]byte
	Size   int64
	SHA384 [48]byte // as browsers take it for integrity
	Path   string   // "site/…", "npm/…", "worker/…" or "verifier/…"
}

const manifestHead = "sealbook manifest v1\n"

// NewManifestFile describes a file by its bytes.
func NewManifestFile(path string, data []byte) ManifestFile {
	return ManifestFile{sha256.Sum256(data), int64(len(data)), sha512.Sum384(data), path}
}

// Text is the manifest; it sorts headers and files.
func (m *Manifest) Text() []byte {
	b := []byte(manifestHead + "version " + m.Version + "\ncommit " + m.Commit + "\n")
	if m.Module != "" {
		b = append(b, "module "+m.Module+"\n"...)
	}
	for _, t := range m.Tools {
		b = append(b, t.Name+" "+t.Version+"\n"...)
	}
	lines := make([]string, 0, len(m.Headers)+len(m.Files))
	for _, h := range m.Headers {
		lines = append(lines, "header "+h.Path+" "+h.Name+": "+h.Value+"\n")
	}
	slices.Sort(lines)
	files := lines[len(lines):]
	for _, f := range m.Files {
		files = append(files, "file "+hex.EncodeToString(f.SHA256[:])+" "+strconv.FormatInt(f.Size, 10)+
			" sha384-"+base64.StdEncoding.EncodeToString(f.SHA384[:])+" "+f.Path+"\n")
	}
	slices.Sort(files)
	return append(b, strings.Join(append(lines, files...), "")...)
}

// SHA256 is the hash that an entry has.
func (m *Manifest) SHA256() [32]byte { return sha256.Sum256(m.Text()) }

// ParseManifest reads what Text writes. Its error is Format.
func ParseManifest(text []byte) (*Manifest, error) {
	if len(text) > MaxManifest {
		return nil, Format.Because("manifest: too long")
	}
	bad := Format.Because("manifest")
	rest, ok := strings.CutPrefix(string(text), manifestHead)
	m := new(Manifest)
	var ok1, ok2 bool
	m.Version, rest, ok1 = fieldOf(rest, "version")
	m.Commit, rest, ok2 = fieldOf(rest, "commit")
	if !ok || !ok1 || !ok2 || !ValidVersion(m.Version) || len(m.Commit) != 40 || !isLowerHex(m.Commit) {
		return nil, bad
	}
	if module, after, found := fieldOf(rest, "module"); found {
		path, sum, _ := strings.Cut(module, " ")
		if !visible(path) || !strings.HasPrefix(sum, "h1:") || !visible(sum) {
			return nil, bad
		}
		m.Module, rest = module, after
	}
	for rest != "" {
		line, after, ended := strings.Cut(rest, "\n")
		if !ended || !m.line(line) {
			return nil, bad
		}
		rest = after
	}
	if len(m.Tools) == 0 || m.Tools[0].Name != "go" || len(m.Files) == 0 || !m.consistent() || string(m.Text()) != string(text) {
		return nil, bad
	}
	return m, nil
}

// line reads a line behind the first fields.
func (m *Manifest) line(line string) bool {
	name, value, _ := strings.Cut(line, " ")
	switch name {
	case "header":
		path, field, _ := strings.Cut(value, " ")
		name, content, ok := strings.Cut(field, ": ")
		m.Headers = append(m.Headers, Header{path, name, content})
		return ok && len(m.Files) == 0 && (path == "*" || strings.HasPrefix(path, "/")) && visible(path) && isToken(name) && isFieldValue(content)
	case "file":
		fields := strings.Split(value, " ")
		if len(fields) != 4 {
			return false
		}
		f := ManifestFile{Path: fields[3]}
		size, ok := parseInteger(fields[1])
		f.Size = int64(size)
		sum, err := base64.StdEncoding.Strict().DecodeString(strings.TrimPrefix(fields[2], "sha384-"))
		if !ok || err != nil || len(sum) != len(f.SHA384) || !parse32(&f.SHA256, fields[0], hex.DecodeString) || !ValidPath(f.Path) {
			return false
		}
		f.SHA384 = [48]byte(sum)
		m.Files = append(m.Files, f)
		return true
	}
	m.Tools = append(m.Tools, Tool{name, value})
	return len(m.Headers) == 0 && len(m.Files) == 0 && isToken(name) && name == strings.ToLower(name) && visible(value) &&
		!slices.Contains([]string{"version", "commit", "module"}, name)
}

// consistent says whether each tool, path and field is there once, and no field
// both for all paths and for one.
func (m *Manifest) consistent() bool {
	seen := map[string]bool{}
	once := func(key string) bool {
		again := seen[key]
		seen[key] = true
		return !again
	}
	for _, t := range m.Tools {
		if !once("tool " + t.Name) {
			return false
		}
	}
	for _, f := range m.Files {
		if !once("file " + f.Path) {
			return false
		}
	}
	for _, h := range m.Headers { // "*" sorts before "/"
		name := strings.ToLower(h.Name)
		if seen["header * "+name] || !once("header "+h.Path+" "+name) {
			return false
		}
	}
	return true
}

// File is a file by its path, nil where there is none.
func (m *Manifest) File(path string) *ManifestFile {
	i := slices.IndexFunc(m.Files, func(f ManifestFile) bool { return f.Path == path })
	if i < 0 {
		return nil
	}
	return &m.Files[i]
}

// Below are the files of a folder such as "site/", by their path within it.
func (m *Manifest) Below(folder string) map[string]*ManifestFile {
	files := map[string]*ManifestFile{}
	for i := range m.Files {
		if path, ok := strings.CutPrefix(m.Files[i].Path, folder); ok {
			files[path] = &m.Files[i]
		}
	}
	return files
}

// Is says whether data is the file.
func (f *ManifestFile) Is(data []byte) bool {
	return int64(len(data)) == f.Size && sha256.Sum256(data) == f.SHA256 && sha512.Sum384(data) == f.SHA384
}

// ValidPath says whether a path may stand in a manifest: in one of the four
// folders, of visible ASCII, without a part that a file system takes for
// something else.
func ValidPath(path string) bool {
	if len(path) > 255 || !visible(path) || strings.ContainsAny(path, `\:*?"<>|`) {
		return false
	}
	parts := strings.Split(path, "/")
	for _, part := range parts {
		if part == "" || strings.Trim(part, ".") == "" {
			return false
		}
	}
	return len(parts) > 1 && slices.Contains([]string{"site", "npm", "worker", "verifier"}, parts[0])
}

// visible says whether a text is of visible ASCII, and some.
func visible(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

func isLowerHex(s string) bool { return strings.Trim(s, "0123456789abcdef") == "" }

// isToken says whether a text may be a field's name, RFC 9110 section 5.6.2,
// less what none has.
func isToken(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-')
	}) < 0
}

func isFieldValue(s string) bool {
	return s != "" && strings.Trim(s, " ") == s && strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}
