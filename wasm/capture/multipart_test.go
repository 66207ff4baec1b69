package capture_test

import (
	"strings"
	"testing"

	"sealbook/wasm/capture"
	"sealbook/wasm/capture/capturetest"
)

// Content-Transfer-Encoding, RFC 2045 section 6: base64 and quoted-printable are
// undone and are a step of the chain; everything else, and what is broken, stays
// as it stands.
func TestContentTransferEncoding(t *testing.T) {
	inner := "--YY\r\nContent-Disposition: form-data; name=\"tel\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=2B442079460018\r\n--YY--\r\n"
	cases := []struct{ name, header, body, want string }{
		{"base64", "base64", "KzQ0MjA3OTQ2MDAxOA==", "part:p[multipart base64]=+442079460018"},
		{"its name in capitals", "BASE64", "KzQ0MjA3OTQ2MDAxOA==", "part:p[multipart base64]=+442079460018"},
		{"with space around it", "  base64 ", "KzQ0MjA3OTQ2MDAxOA==", "part:p[multipart base64]=+442079460018"},
		{"in lines", "base64", "KzQ0MjA3\r\nOTQ2MDAx\r\nOA==\r\n", "part:p[multipart base64]=+442079460018"},
		{"broken base64", "base64", "+44 20 7946 0018!", "part:p[multipart]=+44 20 7946 0018!"},
		{"quoted-printable", "quoted-printable", "tel=3D=2B4420=\r\n79460018", "part:p[multipart quoted-printable]=tel=+442079460018"},
		{"7bit", "7bit", "+442079460018", "part:p[multipart]=+442079460018"},
		{"binary", "binary", "=2B442079460018", "part:p[multipart]==2b442079460018"},
		{"one that nobody knows", "x-uuencode", "=2B442079460018", "part:p[multipart]==2b442079460018"},
		{"none", "", "KzQ0MjA3OTQ2MDAxOA==", "part:p[multipart]=kzq0mja3otq2mdaxoa=="},
	}
	for _, c := range cases {
		header := ""
		if c.header != "" {
			header = "Content-Transfer-Encoding:" + c.header + "\r\n"
		}
		if got := multipart(t, "Content-Disposition: form-data; name=\"p\"\r\n"+header+"\r\n"+c.body); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := multipart(t, "content-transfer-encoding: quoted-printable\nContent-Disposition: form-data; name=p\n\n=2B442079460018"); got != "part:p[multipart quoted-printable]=+442079460018" {
		t.Errorf("before the name, with line feeds alone: %q", got)
	}
	if got, want := multipart(t, "Content-Type: multipart/mixed; boundary=YY\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"+inner), "part:tel[multipart multipart quoted-printable]=+442079460018"; got != want {
		t.Errorf("one in the other: %q, want %q", got, want)
	}
	packed := "LS1ZWQ0KQ29udGVudC1EaXNwb3NpdGlvbjogZm9ybS1kYXRhOyBuYW1lPSJ0ZWwiDQoNCis0NDIwNzk0NjAwMTgNCi0tWVktLQ0K"
	if got, want := multipart(t, "Content-Type: multipart/mixed; boundary=YY\r\nContent-Transfer-Encoding: base64\r\n\r\n"+packed), "part:tel[multipart base64 multipart]=+442079460018"; got != want {
		t.Errorf("one in the Base64 of the other: %q, want %q", got, want)
	}
}

// The name of a file is sent too, and is a part of its own, in either spelling.
func TestFilename(t *testing.T) {
	for header, want := range map[string]string{
		"filename=\"442079460018.jpg\"":                               "part:p[multipart]=442079460018.jpg part:p[multipart]=x",
		"filename*=UTF-8'en'%2B442079460018.jpg":                      "part:p[multipart]=%2b442079460018.jpg part:p[multipart]=x",
		"filename=photo.jpg; filename*=UTF-8''%2B442079460018%20.jpg": "part:p[multipart]=photo.jpg part:p[multipart]=%2b442079460018%20.jpg part:p[multipart]=x",
	} {
		if got := multipart(t, "Content-Disposition: form-data; name=\"p\"; "+header+"\r\n\r\nx"); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
}

// multipart describes the parts of a body with one part.
func multipart(t *testing.T, part string) string {
	t.Helper()
	all, _ := lines("flows", capturetest.Mitm(20, capturetest.Exchange{
		Method: "POST", Path: "/x", Host: "a.example",
		Header: [][2]string{{"Content-Type", "multipart/form-data; boundary=XX"}},
		Body:   []byte("--XX\r\n" + part + "\r\n--XX--\r\n"),
	}), capture.Options{}, 1<<20, nil)
	if len(all) == 0 {
		t.Fatal("no message")
	}
	_, rest, ok := strings.Cut(all[0], "path=/x ")
	if !ok {
		t.Fatalf("%q", all[0])
	}
	return rest
}
