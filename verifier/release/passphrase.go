package release

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/term"
)

// AskPassphrase asks on the terminal, whatever standard input is.
func AskPassphrase(file string) ([]byte, error) {
	name := "/dev/tty"
	if runtime.GOOS == "windows" {
		name = "CONIN$"
	}
	tty, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return nil, errors.New("the key needs a passphrase, and there is no terminal to ask on; an ssh-agent would do")
	}
	defer tty.Close()
	fmt.Fprintf(os.Stderr, "passphrase of %s: ", filepath.Base(file))
	defer fmt.Fprintln(os.Stderr)
	return term.ReadPassword(int(tty.Fd()))
}
