package numbers

// The differences that remain, by cause; each cause is explained in causes.go.
// Our answers are Java's but for the two causes that package number names.
var (
	nyarukaCounts = map[string]int{
		"context first":             25,
		"dotless i":                 2041,
		"length in bytes":           304,
		"metadata":                  949,
		"scheme behind the context": 622,
	}
	googleCounts = map[string]int{
		"digits beside letters":   168,
		"digits of other scripts": 7379,
		"folded letters":          848,
		"rounded":                 1203,
		"trimmed letters":         554,
	}
	javaCounts = map[string]int{
		"context of an older version": 2222,
		"digits beyond U+FFFF":        3199,
		"scheme behind the context":   395,
	}
)
