module sealbook

go 1.26.0

require (
	filippo.io/edwards25519 v1.2.0 // native curve arithmetic, by the maintainer of the standard library's
	github.com/cloudflare/circl v1.6.5 // tests: the OPRF of another hand
	github.com/nyaruka/phonenumbers/v2 v2.0.8 // tests: the nearest Go port of libphonenumber
	github.com/rogpeppe/go-internal v1.16.0 // tests: command-line scripts, as the go command has them
	github.com/tetratelabs/wazero v1.12.0 // runs core.wasm without cgo
	golang.org/x/term v0.47.0 // whether to draw a progress bar, and how wide
)

require (
	github.com/bwesterb/go-ristretto v1.2.4 // indirect
	golang.org/x/crypto v0.54.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/tools v0.26.0 // indirect
	google.golang.org/protobuf v1.36.11 // indirect
)
