package trust

import "golang.org/x/mod/sumdb/tlog"

// hashes are a log's stored hashes, in memory.
type hashes []tlog.Hash

func (s hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		if at < 0 || at >= int64(len(s)) {
			return nil, Format.Because("a hash beyond the end of the log")
		}
		list[i] = s[at]
	}
	return list, nil
}

func (s *hashes) add(n int64, leaf []byte) error {
	more, err := tlog.StoredHashes(n, leaf, *s)
	*s = append(*s, more...)
	return err
}

// root is that of the first n entries of a log. Its error is Rollback where there
// are not so many.
func (s hashes) root(log tlog.Tree, n int64) (tlog.Hash, error) {
	if n < 0 || n > log.N {
		return tlog.Hash{}, Rollback.Because("the log has fewer entries than it had")
	}
	if n == 0 {
		return BlocksRoot(nil), nil
	}
	return tlog.TreeHash(n, s)
}

func (s hashes) grown(log, known tlog.Tree) error {
	root, err := s.root(log, known.N)
	if err != nil {
		return err
	}
	if root != known.Hash {
		return Consistency.Because("the log is not the one it was")
	}
	return nil
}

// consistency is empty for what has nothing to prove: no entry, or all.
func (s hashes) consistency(log tlog.Tree, n int64) (tlog.TreeProof, error) {
	if n <= 0 || n >= log.N {
		return nil, nil
	}
	return tlog.ProveTree(log.N, n, s)
}
