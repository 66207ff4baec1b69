package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// terminal opens a pseudo terminal: what is written to user can be read from the
// other end.
func terminal(t *testing.T) (other, user *os.File) {
	t.Helper()
	other, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close() })
	const getNumber, setLock = 0x80045430, 0x40045431 // TIOCGPTN, TIOCSPTLCK
	var number, unlocked int32
	for request, value := range map[uintptr]*int32{getNumber: &number, setLock: &unlocked} {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, other.Fd(), request, uintptr(unsafe.Pointer(value))); errno != 0 {
			t.Fatal(errno)
		}
	}
	if user, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { user.Close() })
	return other, user
}

// An audit shows how far it is on the last line of a terminal, also where the
// report goes to the same one, and leaves nothing of that there.
func TestAuditProgress(t *testing.T) {
	defer func(d time.Duration) { patience = d }(patience)
	patience = 0
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	contacts := write("contacts.csv", "Name,Phone\nAda,+44 113 496 0654\n")
	body := write("body.json", `{"phone":"+441134960654"}`)
	// what is read from the other end holds the bar, and then the report.
	other, user := terminal(t)
	if code := run([]string{"audit", "--contacts", contacts, body}, os.Stdin, user, user); code != 1 {
		t.Errorf("exit code %d", code)
	}
	fmt.Fprint(user, "\nthe end of it\n")
	var shown []byte
	for buf := make([]byte, 4096); !bytes.Contains(shown, []byte("the end of it")); {
		n, err := other.Read(buf)
		if err != nil {
			t.Fatalf("%v behind %q", err, shown)
		}
		shown = append(shown, buf[:n]...)
	}
	text := string(shown)
	bar, report := strings.Index(text, "messages, "), strings.Index(text, "body.json")
	if bar < 0 || report < bar || !strings.Contains(text[bar:report], "\r\x1b[K") || strings.Count(text, "\x1b") < 2 {
		t.Errorf("a terminal shows %q", text)
	}
	// Where standard error is no terminal, nothing of it is written.
	file, err := os.Create(filepath.Join(folder, "err"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if code := run([]string{"audit", "--contacts", contacts, body}, os.Stdin, file, file); code != 1 {
		t.Errorf("exit code %d", code)
	}
	if out, err := os.ReadFile(file.Name()); err != nil || bytes.Contains(out, []byte("\x1b")) || !bytes.Contains(out, []byte("body.json")) {
		t.Errorf("a file has %q, %v", out, err)
	}
}
