package numbers

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

var javaCount = flag.Int("java", 300_000, "inputs to compare with libphonenumber itself, in Java")

// javaJars are where Debian's packages libphonenumber8-java and
// libprotobuf-java put them.
const javaJars = "/usr/share/java/libphonenumber.jar:/usr/share/java/protobuf.jar"

// TestJava compares with libphonenumber itself where it is installed. Its code
// is that of 8.12.57 in Debian 12, its metadata the pinned one.
func TestJava(t *testing.T) {
	if _, err := os.Stat("/usr/share/java/libphonenumber.jar"); err != nil {
		t.Skip("apt-get install default-jdk-headless libphonenumber8-java gives it a reference to compare with")
	}
	if _, err := exec.LookPath("javac"); err != nil {
		t.Skip("apt-get install default-jdk-headless gives it a compiler")
	}
	classes := t.TempDir()
	if out, err := exec.Command("javac", "-nowarn", "-cp", javaJars, "-d", classes, "java/Oracle.java").CombinedOutput(); err != nil {
		t.Fatalf("javac: %v %s", err, out)
	}
	metadata, err := javaMetadata()
	if err != nil {
		t.Fatal(err)
	}
	run(t, 3, *javaCount, javaCauses, 300_000, javaCounts, func(share []Input, answer func(Input, Answer)) error {
		return java(classes, metadata, share, answer)
	})
}

// java asks a Java of its own.
func java(classes string, metadata []byte, share []Input, answer func(Input, Answer)) error {
	lines := bytes.NewBuffer(bytes.Clone(metadata))
	for _, in := range share {
		fmt.Fprintf(lines, "%s\t%s\n", in.Region, base64.StdEncoding.EncodeToString([]byte(in.Text)))
	}
	var failure bytes.Buffer
	cmd := exec.Command("java", "-Xshare:auto", "-cp", classes+":"+javaJars, "com.google.i18n.phonenumbers.Oracle")
	cmd.Stdin = lines
	cmd.Stderr = &failure
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return err
	}
	s := bufio.NewScanner(out)
	for _, in := range share {
		if !s.Scan() {
			cmd.Process.Kill()
			cmd.Wait()
			return fmt.Errorf("Oracle.java stopped: %v %s", s.Err(), failure.String())
		}
		f := strings.Split(s.Text(), "\x1f")
		if len(f) == 1 {
			answer(in, Answer{Code: javaCodes[f[0]]})
			continue
		}
		valid, _ := strconv.ParseBool(f[5])
		answer(in, Answer{E164: f[1], Extension: ascii(f[2]), Region: f[3], Type: f[4], Valid: valid, Possible: f[6],
			International: ascii(f[7]), National: ascii(f[8]), RFC3966: ascii(f[9])})
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("Oracle.java: %w %s", err, failure.String())
	}
	return nil
}

var javaCodes = map[string]string{"INVALID_COUNTRY_CODE": "INVALID_COUNTRY_CODE", "NOT_A_NUMBER": "NOT_A_NUMBER",
	"TOO_SHORT_AFTER_IDD": "TOO_SHORT_AFTER_IDD", "TOO_SHORT_NSN": "TOO_SHORT_NSN", "TOO_LONG": "TOO_LONG", "CRASH": "CRASH"}

// javaMetadata writes the pinned metadata as Oracle.java reads it, an empty line
// at its end.
func javaMetadata() ([]byte, error) {
	type desc struct {
		Pattern        string
		Lengths, Local []int
	}
	type format struct {
		Pattern, Format, Prefix string
		Leading                 []string
	}
	var m struct {
		Codes []struct {
			Code    int
			Regions []string
		}
		Regions []struct {
			ID                                                                                       string
			Code                                                                                     int
			IDD, Prefix, Extension, Parse, Transform, Leading                                        string
			Same                                                                                     bool
			General, Fixed, Mobile, TollFree, Premium, Shared, Personal, VoIP, Pager, UAN, Voicemail *desc
			Formats, International                                                                   []format
		}
	}
	text, err := os.ReadFile(metadataFile)
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	line := func(fields ...string) { b.WriteString(strings.Join(fields, "\x1f") + "\n") }
	lengths := func(list []int) string {
		var parts []string
		for _, n := range list {
			parts = append(parts, strconv.Itoa(n))
		}
		return strings.Join(parts, "\x1e")
	}
	for _, c := range m.Codes {
		line("code", strconv.Itoa(c.Code), strings.Join(c.Regions, "\x1e"))
	}
	for _, r := range m.Regions {
		same := ""
		if r.Same {
			same = "same"
		}
		line("region", r.ID, strconv.Itoa(r.Code), r.IDD, r.Prefix, r.Extension, r.Parse, r.Transform, same, r.Leading)
		for name, d := range map[string]*desc{"general": r.General, "fixed": r.Fixed, "mobile": r.Mobile, "tollFree": r.TollFree, "premium": r.Premium,
			"shared": r.Shared, "personal": r.Personal, "voip": r.VoIP, "pager": r.Pager, "uan": r.UAN, "voicemail": r.Voicemail} {
			if d != nil {
				line("desc", name, d.Pattern, lengths(d.Lengths), lengths(d.Local))
			}
		}
		for _, f := range r.Formats {
			line("format", f.Pattern, f.Format, strings.Join(f.Leading, "\x1e"), f.Prefix)
		}
		for _, f := range r.International {
			line("international", f.Pattern, f.Format, strings.Join(f.Leading, "\x1e"), f.Prefix)
		}
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
