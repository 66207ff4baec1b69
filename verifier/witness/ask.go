package witness

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/trust"
)

// Timeout is how long a witness may take to answer.
const Timeout = 10 * time.Second

// Fetch is the code of an answer that says nothing about the log.
const Fetch trust.Code = "FETCH"

// Ask asks a witness of a policy to cosign a checkpoint, and returns it with the
// witness's signature. prove is the consistency of the checkpoint's tree with a
// smaller one.
//
// Its error is Fetch for no answer, Key where the witness does not know the log,
// Rollback where it has cosigned a longer one, Consistency where another one, and
// Signature for an answer that is no cosignature of this checkpoint.
func Ask(ctx context.Context, client *http.Client, w trust.WitnessKey, checkpoint string, prove func(old int64) (tlog.TreeProof, error), now time.Time) (string, error) {
	_, tree, err := trust.ReadCheckpoint(checkpoint)
	if err != nil {
		return "", err
	}
	address, err := addressOf(w.URL)
	if err != nil {
		return "", err
	}
	old := int64(0)
	for range 2 {
		s := trust.Submission{Old: old, Checkpoint: checkpoint}
		if old > 0 {
			if s.Consistency, err = prove(old); err != nil {
				return "", err
			}
		}
		status, body, err := post(ctx, client, address, s.Text())
		if err != nil {
			return "", err
		}
		switch status {
		case http.StatusOK:
			return trust.AddCosignature(checkpoint, body, w.Key, now)
		case http.StatusConflict:
			size, err := strconv.ParseInt(strings.TrimSuffix(body, "\n"), 10, 64)
			switch {
			case err != nil || size < 0:
				return "", Fetch.Because("the witness answers no size")
			case size > tree.N:
				return "", trust.Rollback.Because(fmt.Sprintf("the witness has cosigned %d entries", size))
			case size == old:
				return "", trust.Consistency.Because(fmt.Sprintf("the witness has cosigned another log of %d entries", size))
			}
			old = size
		case http.StatusNotFound:
			return "", trust.Key.Because("the witness does not know this log")
		case http.StatusForbidden:
			return "", trust.Signature.Because("the witness knows other keys of this log")
		case http.StatusUnprocessableEntity:
			return "", trust.Consistency.Because("the log did not grow out of what the witness has cosigned")
		default:
			return "", Fetch.Because(fmt.Sprintf("status %d", status))
		}
	}
	return "", Fetch.Because("the witness answers another size each time")
}

// addressOf is where a witness takes submissions: https, or http on this machine.
func addressOf(base string) (string, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || u.Hostname() != "localhost" && !net.ParseIP(u.Hostname()).IsLoopback()) {
		return "", Fetch.Because("the policy has no https address of this witness")
	}
	return strings.TrimSuffix(base, "/") + Path, nil
}

func post(ctx context.Context, client *http.Client, address, text string) (status int, body string, err error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(text))
	if err != nil {
		return 0, "", Fetch.Because("no address")
	}
	r.Header.Set("Content-Type", "text/plain; charset=utf-8")
	res, err := client.Do(r)
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			return 0, "", Fetch.Because("no answer within " + Timeout.String())
		}
		return 0, "", Fetch.Because("no answer")
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, trust.MaxText+1))
	if err != nil || len(b) > trust.MaxText {
		return 0, "", Fetch.Because("no whole answer of at most 64 KB")
	}
	return res.StatusCode, string(b), nil
}
