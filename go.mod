module sealbook

go 1.26

require (
	github.com/nyaruka/phonenumbers/v2 v2.0.8 // indirect
	github.com/tetratelabs/wazero v1.12.0 // indirect
	golang.org/x/sys v0.44.0 // indirect
	google.golang.org/protobuf v1.36.11 // indirect
)
