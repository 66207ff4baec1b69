package directory

// MaxBatch is the most elements of one evaluation.
const MaxBatch = 1024

// BatchSizes are the sizes that batches are padded to, so that the directory
// learns no exact count.
func BatchSizes() []int { return []int{8, 64, 256, MaxBatch} }

// Block is how many records are hashed together, and read together where a
// person asks for one friend's.
const Block = 256

// Batch is how many numbers go into a batch, and its size with the random inputs
// that fill it up.
type Batch struct{ Numbers, Size int }

// Batches plans the evaluation of count numbers: in batches of MaxBatch while
// that many are left, the rest in the smallest size that holds it, and one batch
// of the smallest size where there is nothing, so that nothing new looks like
// something.
func Batches(count int) (plan []Batch) {
	sizes := BatchSizes()
	for {
		b := Batch{min(count, MaxBatch), MaxBatch}
		for _, size := range sizes {
			if size >= count {
				b.Size = size
				break
			}
		}
		plan = append(plan, b)
		if count -= b.Numbers; count == 0 {
			return plan
		}
	}
}

// Affordable is what of the plan for count numbers a budget of so many
// evaluations covers; the rest waits. It depends on these two numbers alone.
func Affordable(count int, available int64) (plan []Batch) {
	for _, b := range Batches(count) {
		for int64(b.Size) > available {
			smaller := 0
			for _, size := range BatchSizes() {
				if size < b.Size {
					smaller = size
				}
			}
			if smaller == 0 {
				return plan
			}
			b = Batch{min(b.Numbers, smaller), smaller}
		}
		plan = append(plan, b)
		available -= int64(b.Size)
		if count -= b.Numbers; count > 0 && b.Size < MaxBatch {
			return append(plan, Affordable(count, available)...)
		}
	}
	return plan
}
