module sealbook

go 1.26.0

require (
	filippo.io/edwards25519 v1.2.0 // native curve arithmetic, by the maintainer of the standard library's
	github.com/cloudflare/circl v1.6.5 // tests: the OPRF of another hand
	github.com/nyaruka/phonenumbers/v2 v2.0.8 // tests: the nearest Go port of libphonenumber
	github.com/rogpeppe/go-internal v1.16.0 // lockedfile: a lock between processes, as the go command has it; tests: command-line scripts
	github.com/syumai/workers v0.33.0 // Go's net/http and database/sql on Cloudflare Workers
	github.com/tetratelabs/wazero v1.12.0 // runs core.wasm without cgo
	github.com/transparency-dev/formats v0.1.1 // checkpoints and tlog-proofs as C2SP has them; tests: cosignatures
	golang.org/x/crypto v0.54.0 // ssh: keys in an agent, or in a file with a passphrase
	golang.org/x/mod v0.43.0 // sumdb/note: signed notes as the checksum database has them
	golang.org/x/term v0.47.0 // whether to draw a progress bar, and how wide
	golang.org/x/text v0.44.0 // East Asian encodings; what the tables of the others are made of
	modernc.org/sqlite v1.62.0 // SQLite without cgo
)

require (
	github.com/andybalholm/brotli v1.3.0 // the site's copies; another hand's Brotli for tests; the dictionary of ours
	github.com/klauspost/compress v1.20.4 // tests: an encoder of Zstandard
)

require (
	filippo.io/mldsa v0.0.0-20260215214346-43d0283efc3e // indirect
	github.com/bwesterb/go-ristretto v1.2.4 // indirect
	github.com/dustin/go-humanize v1.1.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/mattn/go-isatty v0.0.24 // indirect
	github.com/ncruces/go-strftime v1.1.0 // indirect
	github.com/remyoudompheng/bigfft v0.0.0-20230129092748-24d4a6f8daec // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/tools v0.52.0 // indirect
	google.golang.org/protobuf v1.36.11 // indirect
	modernc.org/libc v1.80.1 // indirect
	modernc.org/mathutil v1.7.1 // indirect
	modernc.org/memory v1.12.1 // indirect
)
