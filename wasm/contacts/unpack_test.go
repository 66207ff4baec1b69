package contacts

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"testing"
)

// unpackAll gives the names and contents of an archive that is fed in pieces.
func unpackAll(data []byte, size int) (names []string, files [][]byte, end unpackStep) {
	u := new(unpacker)
	u.reset(packingOf(data))
	for {
		p := data[:min(size, len(data))]
		data = data[len(p):]
		for {
			n, what := u.push(p)
			p = p[n:]
			switch what {
			case packBegan:
				names, files = append(names, string(u.name())), append(files, nil)
			case packData:
				b := u.pending()
				b = b[:min(len(b), 1000)]
				files[len(files)-1] = append(files[len(files)-1], b...)
				u.took(len(b))
			case packDone:
				return names, files, u.step
			}
			if what == packMore {
				break
			}
		}
		if len(data) == 0 {
			return names, files, u.step
		}
	}
}

func TestUnpack(t *testing.T) {
	if got := crc32(0, []byte("123456789")); got != 0xcbf43926 {
		t.Fatalf("CRC %x", got)
	}
	r := rand.New(rand.NewPCG(1, 2))
	random := make([]byte, 100_000)
	for i := range random {
		random[i] = byte(r.Uint32())
	}
	text := bytes.Repeat([]byte("BEGIN:VCARD\r\nFN:Ada\r\nTEL:020 7946 0001\r\nEND:VCARD\r\n"), 3000)
	contents := [][]byte{nil, []byte("x"), random, text}
	var archives [][]byte
	for _, level := range []int{flate.NoCompression, flate.BestSpeed, flate.DefaultCompression, flate.BestCompression, flate.HuffmanOnly} {
		var z bytes.Buffer
		w := zip.NewWriter(&z)
		w.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, level) })
		for i, c := range contents {
			f, err := w.CreateHeader(&zip.FileHeader{Name: string(rune('a' + i)), Method: zip.Deflate})
			if err != nil {
				t.Fatal(err)
			}
			f.Write(c)
		}
		raw, err := w.CreateRaw(&zip.FileHeader{Name: "raw", Method: zip.Store, CRC32: crc32(0, text), CompressedSize64: uint64(len(text)), UncompressedSize64: uint64(len(text))})
		if err != nil {
			t.Fatal(err)
		}
		raw.Write(text)
		w.Close()
		archives = append(archives, z.Bytes())
		for _, size := range []int{1, 7, 5000, z.Len()} {
			names, files, end := unpackAll(z.Bytes(), size)
			if len(names) != 5 || end != packEnd {
				t.Fatalf("level %d in pieces of %d: %q, step %d", level, size, names, end)
			}
			for i, c := range append(contents, text) {
				if !bytes.Equal(files[i], c) {
					t.Errorf("level %d in pieces of %d: file %d differs", level, size, i)
				}
			}
		}
		var g bytes.Buffer
		gz, _ := gzip.NewWriterLevel(&g, level)
		gz.Name, gz.Comment, gz.Extra = "contacts.vcf", "made up", []byte("extra")
		gz.Write(text)
		gz.Close()
		gz.Reset(&g) // a second member
		gz.Write(random)
		gz.Close()
		archives = append(archives, g.Bytes())
		for _, size := range []int{1, 5000, g.Len()} {
			_, files, end := unpackAll(g.Bytes(), size)
			if len(files) != 2 || !bytes.Equal(files[0], text) || !bytes.Equal(files[1], random) || end != packHeader {
				t.Errorf("gzip, level %d in pieces of %d: %d files, step %d", level, size, len(files), end)
			}
		}
	}
	// Damage ends, and never in a wrong file that is told as whole.
	for range 2000 {
		data := damage(r, bytes.Clone(archives[r.IntN(len(archives))][:r.IntN(4000)]))
		unpackAll(data, 1+r.IntN(100))
	}
}

// FuzzInflate compares with the standard library's reader.
func FuzzInflate(f *testing.F) {
	for _, level := range []int{0, 1, 9, flate.HuffmanOnly} {
		var b bytes.Buffer
		w, _ := flate.NewWriter(&b, level)
		w.Write([]byte("020 7946 0001\n020 7946 0002\n020 7946 0003\n"))
		w.Close()
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		want, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(data)), 1<<20))
		z := new(inflater)
		z.reset()
		var got []byte
		for rest := data; len(got) < 1<<20; {
			n := z.push(rest)
			rest = rest[n:]
			for z.out > 0 {
				b := z.pending()
				got = append(got, b...)
				z.out -= len(b)
			}
			if z.step >= inflateDone || n == 0 && len(rest) == 0 {
				break
			}
		}
		if len(got) >= 1<<20 {
			return
		}
		if (err == nil) != (z.step == inflateDone) {
			t.Fatalf("%v, step %d", err, z.step)
		}
		if err == nil && !bytes.Equal(got, want) {
			t.Fatalf("%q, not %q", got, want)
		}
	})
}
