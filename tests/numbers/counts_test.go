package numbers

// The differences that remain, by cause; each cause is explained in causes.go.
// Our answers are Java's.
var (
	nyarukaCounts = map[string]int{
		"context first":   13,
		"dotless i":       2401,
		"length in bytes": 313,
		"metadata":        244,
	}
	googleCounts = map[string]int{
		"digits beside letters":   170,
		"digits of other scripts": 7234,
		"folded letters":          925,
		"rounded":                 1351,
		"trimmed letters":         596,
	}
)
