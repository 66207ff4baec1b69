package main

import (
	"errors"
	"io/fs"
	"os"
)

// Exit codes.
const (
	clean   = 0 // verified or clean
	found   = 1 // found, or not verified
	unknown = 2 // could not check
)

// failure is why a command could not check, and what to do about it. Neither
// text holds anything of what was read, nor a value from the command line that
// could be a number.
type failure struct {
	message, hint string
	exit          int // 0: unknown
}

func (f *failure) Error() string { return f.message }

func fail(message, hint string) error { return &failure{message: message, hint: hint} }

// openFile opens a file that the command line names. Its errors name the
// option or argument and not the file, whose name may hold anything.
func openFile(argument, path string) (*os.File, error) {
	f, err := os.Open(path)
	if err == nil {
		var info fs.FileInfo
		if info, err = f.Stat(); err == nil && info.IsDir() {
			err = errors.New("it is a directory")
		}
		if err == nil {
			return f, nil
		}
		f.Close()
	}
	err = bare(err)
	hint := ""
	if errors.Is(err, fs.ErrNotExist) {
		hint = "check the name; a file name with spaces needs quotes"
	}
	return nil, fail("cannot read "+argument+": "+err.Error(), hint)
}

// bare is an error without the name of a file.
func bare(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}
