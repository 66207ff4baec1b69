package edge_test

import (
	"bytes"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"testing"

	"sealbook/wasm/directory"
)

// raw makes a request and returns status and body; it fails only with the
// connection.
func raw(method, url, mediaType, bearer string, body []byte) (int, []byte, error) {
	r, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	if mediaType != "" {
		r.Header.Set("Content-Type", mediaType)
	}
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	return res.StatusCode, answer, err
}

// acknowledged is what a client was told is done.
type acknowledged struct {
	credential string
	record     []byte // last one answered with 204
	trying     []byte // one that was sent; it may have been written
	used       int64  // evaluations that were answered
	asked      int64  // evaluations that were asked for
	withdrawn  bool
}

// join registers somebody. It returns nil if the server broke off.
func join(p *process, number string) *acknowledged {
	about, err := aboutOf(p)
	if err != nil {
		return nil
	}
	status, body, err := raw("POST", p.url+"/v2/registrations", "application/json", "", []byte(`{"number":"`+number+`"}`))
	if err != nil || status != 202 {
		return nil
	}
	var begun directory.BeginAnswer
	if json.Unmarshal(body, &begun) != nil {
		return nil
	}
	confirm, err := json.Marshal(directory.ConfirmRequest{Number: number, Code: p.tryCode(begun.Registration), Blinded: generator(),
		Consent: directory.ConsentRequest{TextSHA256: about.Consent.SHA256, Scopes: about.Scopes}})
	if err != nil {
		return nil
	}
	status, body, err = raw("POST", p.url+"/v2/registrations/"+begun.Registration, "application/json", "", confirm)
	if err != nil || status != 201 {
		return nil
	}
	var made directory.ConfirmAnswer
	if json.Unmarshal(body, &made) != nil {
		return nil
	}
	return &acknowledged{credential: made.Credential.String()}
}

// mustJoin registers somebody.
func mustJoin(t testing.TB, p *process, number string) *acknowledged {
	t.Helper()
	a := join(p, number)
	if a == nil {
		t.Fatal("cannot register")
	}
	return a
}

func aboutOf(p *process) (directory.Parameters, error) {
	var parameters directory.Parameters
	_, body, err := raw("GET", p.url+"/v2/directory", "", "", nil)
	if err != nil {
		return parameters, err
	}
	var said directory.DirectoryAnswer
	if err := json.Unmarshal(body, &said); err != nil {
		return parameters, err
	}
	verifier, err := directory.NewVerifier(p.key)
	if err != nil {
		return parameters, err
	}
	return parameters, verifier.Open(said.Note, &parameters)
}

// generator is an element of the group.
func generator() []byte {
	element, err := hex.DecodeString("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76")
	if err != nil {
		panic(err)
	}
	return element
}

// eight is the smallest batch.
func eight() []byte { return bytes.Repeat(generator(), 8) }

// problemCode is the code of a problem document.
func problemCode(body []byte) directory.Code {
	var p directory.Problem
	if json.Unmarshal(body, &p) != nil {
		return ""
	}
	return p.Code
}

// openDatabase opens the database of a server beside it.
func openDatabase(t testing.TB, data string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "directory.db"))
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// run runs the server with options that make it end, and returns its exit code
// and what it said.
func run(t testing.TB, options ...string) (int, string) {
	t.Helper()
	cmd := exec.Command(binary, options...)
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// confirmWrong tries a code that is none.
func confirmWrong(t testing.TB, p *inProcess, registration, number string) {
	t.Helper()
	body, err := json.Marshal(directory.WithdrawRequest{Number: number, Code: "x", Withdraw: true})
	if err != nil {
		t.Fatal(err)
	}
	_, answer, err := raw("POST", p.server.URL+"/v2/registrations/"+registration, "application/json", "", body)
	if code := problemCode(answer); err != nil || code != directory.CodeWrong {
		t.Fatal(code, err)
	}
}
