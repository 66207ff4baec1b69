package contacts

// archive is what a Reader keeps of an archive that it reads.
type archive struct {
	kind    packing
	first   [4]byte // bytes of a file, until they tell what it is
	firstN  int
	u       *unpacker
	inside  bool // a file of it is being read
	passing bool // … or passed over
	passed  bool // one was
	read    int  // files that held contacts
	failed  Code // of a file that held none
	what    string
	over    bool // its end was told
}

func (a *archive) reset() { *a = archive{kind: unknownPacking, u: a.u} }

// unpack takes bytes of a file that may be an archive.
func (r *Reader) unpack(p []byte) int {
	a := &r.archive
	n := 0
	if a.kind == unknownPacking {
		n = copy(a.first[a.firstN:], p)
		if a.firstN += n; a.firstN < len(a.first) {
			return n
		}
		if !r.settle() {
			return n + r.feed(p[n:])
		}
	}
	if r.stage == refused && r.fatal != OK {
		return len(p)
	}
	for !r.ready {
		if r.ending {
			if r.stage < refused {
				r.end()
			}
			if r.stage >= refused {
				r.closeFile()
			}
			continue
		}
		if a.inside {
			if b := a.u.pending(); len(b) > 0 {
				a.u.took(r.feed(b))
				continue
			}
		} else if a.passing {
			a.u.took(a.u.inflater.out)
		}
		c, what := a.u.push(p[n:])
		n += c
		switch what {
		case packMore:
			return n
		case packBegan:
			r.openFile(a.u.name())
			if r.fatal != OK {
				return len(p)
			}
		case packEnded:
			a.passing = false
			r.ending = a.inside
		case packDone:
			if !a.over {
				r.closeArchive()
			}
			return len(p)
		}
	}
	return n
}

// settle decides by the first bytes whether the file is an archive. If it is
// not, they are fed.
func (r *Reader) settle() bool {
	a := &r.archive
	first := a.first[:a.firstN]
	a.kind = packingOf(first)
	if a.kind == notPacked {
		r.feed(first)
		return false
	}
	if a.u == nil {
		a.u = new(unpacker)
	}
	a.u.reset(a.kind)
	a.u.push(first)
	return true
}

// openFile begins a file of an archive.
func (r *Reader) openFile(name []byte) {
	a := &r.archive
	if what := packedAs(name); what != "" {
		r.fail(Unsupported, what)
		a.over = true
		return
	}
	if len(name) > 0 && (name[len(name)-1] == '/' || hasPrefix(name, "__macosx/") || isMedia(name)) {
		a.passing, a.passed = true, true
		a.u.pass()
		return
	}
	r.begin()
	a.inside = true
}

// closeFile ends one.
func (r *Reader) closeFile() {
	if r.stage == finished {
		r.archive.read++
	}
	r.archive.inside, r.ending = false, false
}

// closeArchive ends the archive: whole, or where it is damaged.
func (r *Reader) closeArchive() {
	a := &r.archive
	a.over = true
	switch {
	case a.u.step == packLocked && a.read == 0:
		r.fail(Unsupported, "archive")
	case a.u.step == packLocked, a.u.step == packBad:
		r.problem(BadArchive, r.lineNo)
		r.ending = a.inside
	case a.read == 0 && a.failed != OK:
		r.fail(a.failed, a.what)
	case a.read == 0 && a.passed:
		r.fail(UnknownFormat, "archive")
	case a.read == 0:
		r.fail(EmptyFile, "")
	}
}

// endArchive is Finish of an archive.
func (r *Reader) endArchive() {
	a := &r.archive
	if a.kind == unknownPacking && !r.settle() {
		r.end()
		return
	}
	for {
		r.unpack(nil)
		switch {
		case r.ready, r.fatal != OK, a.over && !a.inside:
			return
		case a.inside:
			a.over = true
			r.problem(Truncated, r.lineNo)
			r.ending = true
		default:
			// A .gz ends behind any of its members; a .zip has its directory there.
			if a.kind != gzipPacked || a.u.headN > 0 {
				r.problem(Truncated, r.lineNo)
				if a.failed == OK {
					a.failed, a.what = NotText, "archive"
				}
			}
			a.u.step = packEnd
			r.closeArchive()
		}
	}
}

// refuse is fail for a file of an archive, which costs that file alone.
func (r *Reader) refuse(c Code, what string) {
	a := &r.archive
	r.stage, r.open = refused, false
	if a.failed == OK || a.failed == NotText || a.failed == EmptyFile {
		a.failed, a.what = c, what
	}
	if a.kind == zipPacked && c != NotText && c != EmptyFile {
		r.problem(SkippedFile, 1)
	}
}

// packedAs knows what is a .zip but no archive, by the names in it: "" for one.
func packedAs(name []byte) string {
	switch {
	case same(name, "[Content_Types].xml"), hasPrefix(name, "_rels/"), hasPrefix(name, "docprops/"), hasPrefix(name, "xl/"),
		same(name, "mimetype"), hasPrefix(name, "index/document.iwa"), hasSuffix(name, ".iwa"), hasSuffix(name, ".numbers"), hasSuffix(name, ".xlsx"):
		return "spreadsheet"
	case index(name, ".abbu/") >= 0, hasSuffix(name, ".abcddb"), hasSuffix(name, ".abcdp"):
		return "database"
	}
	return ""
}

// isMedia reports whether a file's name is that of a photo, sound or film, or of
// what a page is made of.
func isMedia(name []byte) bool {
	dot := len(name)
	for dot > 0 && name[dot-1] != '.' {
		dot--
	}
	n := prefixLen(name[dot:], "jpg|jpeg|png|gif|heic|webp|svg|mp4|mov|opus|ogg|m4a|mp3|pdf|html|htm|css|js|plist|ds_store")
	return dot > 0 && n > 0 && n == len(name)-dot
}

// hasSuffix ignores case; suffix is in lower case.
//
//go:noinline
func hasSuffix(s []byte, suffix string) bool {
	return len(s) >= len(suffix) && hasPrefix(s[len(s)-len(suffix):], suffix)
}
