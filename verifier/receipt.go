package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"

	"sealbook/verifier/check"
	"sealbook/wasm/trust"
)

var receiptCommand = command{
	name:  "receipt",
	usage: []string{"[--directory URL] [--key KEY] [--save FILE] FILE...", "[--key KEY] BUNDLE"},
	brief: "whether a receipt is true, also after a withdrawal",
	about: `
Holds what a directory signed for you against its log. FILE is a file of
--account, or a signed receipt alone, as withdraw writes it.

Of each: the signature; that the log is the one that the receipt names, so that a
log which was forked since contradicts the directory's own signature; that
everybody was shown the epoch, and the terms that you agreed to, at that time or
before. Of a withdrawal: that the changes which everybody reads have the removal
of your tag by the version that the directory promised. A withdrawal does not name
the tag, so give the receipt of the registration too, or the file of --account,
which keeps both.

A directory keeps changes for 8 days. --save writes receipts and all that was
read to a zip, which is checked again without asking anybody, also later; where
something differs it is the evidence, with all that the directory signed. A tag
that came again since is a remark: the same number in the same epoch has the same
tag, and two numbers may share one.

Each finding is a line "CODE where: what":
  SIGNATURE FORMAT      not signed by the directory's key, or not well-formed
  CONSISTENCY ROLLBACK  the log is another than the receipt names, or less
  INCLUSION             terms, an epoch or changes that others were not shown
  PRESENT               a tag that had to go and is published all the same
  RULES                 absent only from a version that is far away
  FETCH                 could not check: no answer, not published yet, the
                        changes are kept no more, the tag is not known
and those of verifier key.`,
	options: []string{"directory", "key", "known", "save", "json"},
	exits:   [3]string{"verified: what was signed is what everybody was shown", "differs: the directory contradicts what it signed", "could not check"},
	samples: []string{"verifier receipt --save receipts.zip me.account", "verifier receipt --directory https://directory.example me.account receipt.txt", "verifier receipt receipts.zip"},
	run:     runReceipt,
}

func runReceipt(s *session) (int, error) {
	if len(s.args) == 0 {
		return 0, fail("a file with a receipt is needed", "the file of --account, a receipt, or a bundle that --save wrote")
	}
	var all papers
	for _, name := range s.args {
		one, err := readPapers(name)
		if err != nil {
			return 0, err
		}
		if one.bundle != nil && len(s.args) > 1 {
			return 0, fail("a bundle is checked by itself", "")
		}
		all.list = append(all.list, one.list...)
		all.url, all.key = cmp.Or(all.url, one.url), cmp.Or(all.key, one.key)
		all.bundle = cmp.Or(all.bundle, one.bundle)
	}
	source := all.bundle
	where, key := cmp.Or(s.directory, all.url), cmp.Or(s.key, all.key)
	if len(all.list) == 0 {
		return 0, fail("there is no receipt in the file", "verifier confirm gets one, and verifier withdraw")
	}
	if source == nil {
		if where == "" {
			return 0, fail("--directory is missing", "a receipt does not say where its directory is, as in --directory https://directory.example")
		}
		var err error
		if source, err = openDirectory(where); err != nil {
			return 0, err
		}
	}
	ctx, stop := interrupted()
	defer stop()
	recorder, r, told, err := s.readTold(ctx, source, key)
	if err != nil {
		return 0, err
	}
	var receipts []check.Receipt
	if told != nil {
		receipts = told.CheckReceipts(r, all.list)
	}
	if err := s.saveBundle(recorder, all.list); err != nil {
		return 0, err
	}
	head := [3]string{"verified: what %s signed is what everybody was shown\n", "differs: %s contradicts what it signed, or its log\n", "could not check: %s\n"}
	return s.reportTold(r, told, receipts, head)
}

// papers are the receipts and withdrawals of a file.
type papers struct {
	list     []check.Paper
	url, key string       // of the directory, where it is an account's file
	bundle   check.Source // what was read, where it is a bundle
}

// readPapers reads an account's file, a bundle, or a receipt alone, which is not
// looked at here.
func readPapers(name string) (p papers, err error) {
	text, err := readPaper(name)
	if err != nil {
		return papers{}, err
	}
	var a account
	switch {
	case bytes.HasPrefix(text, []byte("PK")):
		if p.bundle, err = openDirectory(name); err != nil {
			return papers{}, err
		}
		p.list = check.Papers(p.bundle)
	case json.Unmarshal(text, &a) == nil && a.Sealbook == "account":
		for _, note := range []string{a.Receipt, a.Withdrawal} {
			if note != "" {
				p.list = append(p.list, check.Paper{Where: filepath.Base(name), Text: note})
			}
		}
		p.url, p.key = a.URL, a.Key
	default:
		p.list = append(p.list, check.Paper{Where: filepath.Base(name), Text: string(text)})
	}
	return p, nil
}

// readPaper reads a file that may be a receipt, an account or a bundle; of a
// bundle only its beginning.
func readPaper(name string) ([]byte, error) {
	f, err := openFile("the receipt", name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, trust.MaxText+1))
	if err != nil {
		return nil, fail("cannot read the receipt: "+bare(err).Error(), "")
	}
	if len(text) > trust.MaxText && !bytes.HasPrefix(text, []byte("PK")) {
		return nil, fail(fmt.Sprintf("the file is longer than a receipt: over %d bytes", trust.MaxText), "")
	}
	return text, nil
}
