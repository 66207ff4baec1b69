package batch

import "sealbook/wasm/number"

// Formatter is the body of format.wasm, in buffers of its own: numbers in
// E.164 to the ways in which people write them. About 700 KB; allocate it once
// and reuse it. One goroutine at a time.
type Formatter struct {
	Input  [InputSize]byte
	Out    [TextSize]byte
	Status Status
}

// Format writes a line for each line of the first length bytes of the input: a
// number as [number.Number.AppendText] writes it, E.164 and perhaps ";ext=" and
// an extension, in the format; nothing where the line is none. It answers how
// many lines it handled.
func (f *Formatter) Format(length int, format number.Format) (int, Failure) {
	if length < 0 || length > InputSize {
		return 0, Length
	}
	if format > number.Significant {
		return 0, BadMode
	}
	r := reader{in: f.Input[:length]}
	items, written := 0, 0
	for TextSize-written >= number.MaxText+1 {
		line, end, more := r.next()
		if !more {
			break
		}
		var n number.Number
		if n.UnmarshalText(line) == nil {
			written += len(n.Append(f.Out[written:written:TextSize], format))
		}
		f.Out[written] = '\n'
		written++
		r.at = end
		items++
	}
	f.Status = Status{Items: uint32(items), Consumed: uint32(r.at), Written: uint32(written)}
	return items, 0
}
