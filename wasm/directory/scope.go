package directory

import "slices"

// Scope is something that a person allows, one by one.
type Scope string

const (
	Search       Scope = "search"       // may spend evaluations
	Discoverable Scope = "discoverable" // tag and record are published
)

// Scopes are all there are, in the order in which notes have them.
func Scopes() []Scope { return []Scope{Search, Discoverable} }

// validScopes tells whether scopes are some of all, each once, in their order.
func validScopes(scopes []Scope) bool {
	all := Scopes()
	for _, s := range scopes {
		i := slices.Index(all, s)
		if i < 0 {
			return false
		}
		all = all[i+1:]
	}
	return len(scopes) > 0
}
