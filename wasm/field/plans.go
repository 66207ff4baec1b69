package field

// plan is a change of a numbering plan: what numbers written down before it are
// now.
type plan struct {
	name string
}

var plans = [...]plan{}

const planCount = len(plans)
