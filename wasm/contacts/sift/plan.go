package sift

//go:generate go run ./gentable

// A plan is a row of plans: a region's numbering plan.
type plan string

// planCount is how many regions there are.
const planCount = len(plans) / planSize

func planAt(i int) plan { return plan(plans[i*planSize : (i+1)*planSize]) }

// planOf finds the plan of a region, -1 if it is none.
//
//go:noinline
func planOf(region string) int {
	from, to := 0, planCount
	for from < to {
		middle := (from + to) / 2
		if planAt(middle).region() < region {
			from = middle + 1
		} else {
			to = middle
		}
	}
	if from < planCount && planAt(from).region() == region {
		return from
	}
	return -1
}

func (p plan) region() string { return string(p[:2]) }

func (p plan) code() uint16 { return uint16(p[2]) | uint16(p[3])<<8 }

// trunk returns the digit that is dialled before national numbers, 0 for none.
func (p plan) trunk() byte { return p[4] }

// size returns how many numbers a number of this kind and length is one of: of
// all of its length, but not many fewer than there are of the usual lengths, for
// a small class in a large plan is as rare as it is small.
//
//go:noinline
func (p plan) size(mobile bool, length int) int {
	usual, mobiles := 0, 0
	for n := leastLength; n <= 10; n++ {
		usual = max(usual, p.numbers(mobile, n))
		mobiles = max(mobiles, p.numbers(true, n))
	}
	if !mobile {
		usual = max(usual, mobiles-4)
	}
	return max(p.numbers(mobile, length), usual-4, 0)
}

// writtenList goes through written, region by region.
type writtenList struct{ rest string }

//go:noinline
func (l *writtenList) next() string {
	for i := 0; i < len(l.rest); i++ {
		if l.rest[i] == '\n' {
			line := l.rest[:i]
			l.rest = l.rest[i+1:]
			return line
		}
	}
	return ""
}

// hasWord says whether a word is one of those that blanks part.
//
//go:noinline
func hasWord(list string, word []byte) bool {
	for from, i := 0, 0; i <= len(list); i++ {
		if i < len(list) && list[i] != ' ' {
			continue
		}
		if i-from == len(word) && list[from:i] == string(word) {
			return true
		}
		from = i + 1
	}
	return false
}

// numbers returns how many numbers of a length there are, as 10·log₁₀ of it, 0
// for none.
//
//go:noinline
func (p plan) numbers(mobile bool, length int) int {
	if length < leastLength || length > mostLength {
		return 0
	}
	at := 5 + length - leastLength
	if !mobile {
		at += mostLength - leastLength + 1
	}
	return int(p[at])
}
