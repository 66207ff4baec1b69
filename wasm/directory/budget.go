package directory

// Day is how many parts an evaluation is counted in: with as many as a day has
// seconds, what comes back in a second is a whole number of parts, and nothing
// is ever rounded.
const Day = 86400

// Budget bounds how many evaluations an account gets: a leaky bucket, which each
// evaluation fills by one and which leaks slowly. Its state is a level in parts,
// Day to an evaluation, and the Unix time at which it stood so. In SQL:
//
//	level = max(min(level, Size * Day) - max(now - at, 0) * PerDay, 0) + n * Day
//	where that is ≤ Size * Day
type Budget struct {
	Size   int64 // evaluations at once; 1 ≤ Size < 2^36
	PerDay int64 // that come back; 1 ≤ PerDay ≤ Size
}

// Level is the level at a time. A clock that was set back brings nothing back,
// and a budget that was made smaller meanwhile is spent, not overspent.
func (b Budget) Level(level, at, now int64) int64 {
	since := max(now-at, 0)
	if since >= b.Size*Day/b.PerDay+1 { // all of it, without overflow
		return 0
	}
	return max(min(level, b.Size*Day)-since*b.PerDay, 0)
}

// Available is how many evaluations there are at a time.
func (b Budget) Available(level, at, now int64) int64 {
	return (b.Size*Day - b.Level(level, at, now)) / Day
}

// Charge is the level after n evaluations, false where they are not there.
func (b Budget) Charge(level, at, now, n int64) (int64, bool) {
	if n < 0 || n > b.Available(level, at, now) {
		return level, false
	}
	return b.Level(level, at, now) + n*Day, true
}

// Wait is in how many seconds n ≤ Size evaluations will be there.
func (b Budget) Wait(level, at, now, n int64) int64 {
	over := b.Level(level, at, now) + n*Day - b.Size*Day
	return max((over+b.PerDay-1)/b.PerDay, 0)
}
