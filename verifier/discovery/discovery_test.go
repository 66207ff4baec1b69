package discovery_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sealbook/verifier/discovery"
	"sealbook/verifier/discovery/discoverytest"
	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// Numbers for fiction: 0113 496 0000 to 0999, and of other towns.
func fiction(i int) string {
	towns := []string{"113496", "114496", "115496", "116496", "117496", "118496", "121496", "131496", "141496", "151496", "161496", "207946"}
	return fmt.Sprintf("+44%s0%03d", towns[i/1000], i%1000)
}

// A rig is a directory in a bubble of time, and how to make clients of it.
type rig struct {
	*discoverytest.Directory
	t *testing.T
}

// inBubble runs a test with a directory of its own clock.
func inBubble(t *testing.T, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		test(t, &rig{discoverytest.New(1, time.Now), t})
	})
}

// open is a new process with a state.
func (r *rig) open(path string) (*discovery.Directory, *discovery.State) {
	r.t.Helper()
	d, err := discovery.New(discoverytest.URL, discovery.Options{Key: r.Key(), Transport: r.Directory})
	if err != nil {
		r.t.Fatal(err)
	}
	s := discovery.NewState(d)
	if path != "" {
		if s, err = discovery.LoadState(path, d); err != nil {
			r.t.Fatal(err)
		}
	}
	return d, s
}

func handle(f discovery.Found) string {
	if f.Record == nil {
		return ""
	}
	return string(f.Record.Handle[:slices.Index(f.Record.Handle[:], 0)])
}

func code(t *testing.T, err error, want discovery.Code) {
	t.Helper()
	if want == "" && err != nil || want != "" && !errors.Is(err, want) {
		t.Errorf("%v, not %q", err, string(want))
	}
}

var background = context.Background()

// Two people register and find each other, as the README tells it.
func TestTwoPeople(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		path := filepath.Join(t.TempDir(), "ann.state")
		d, s := r.open(path)
		ann, ben := fiction(0), fiction(1)
		register := func(number, handle string) *discovery.Mine {
			reg, err := d.Register(background, number)
			if err != nil {
				t.Fatal(err)
			}
			mine, err := d.Confirm(background, nil, discovery.Confirmation{Registration: reg.ID, Number: number, Code: r.Code, Scopes: directory.Scopes()})
			if err != nil {
				t.Fatal(err)
			}
			var record directory.Record
			copy(record.Handle[:], handle)
			if err := d.Publish(background, &mine, record); err != nil {
				t.Fatal(err)
			}
			return &mine
		}
		mine := register(ann, "@ann")
		register(ben, "@ben")
		time.Sleep(time.Minute)
		r.Publish()
		result, err := d.Sync(background, discovery.Search{Mine: mine, Numbers: []string{ben, fiction(2)}, State: s})
		if err != nil || len(result.Found) != 1 || handle(result.Found[0]) != "@ben" {
			t.Fatal(result, err)
		}
		if c := result.Counts; c.Charged != 8 || c.Evaluated != 2 || !c.Records || c.People != 2 || *c.Budget != 5112 {
			t.Errorf("%+v", c)
		}
		// Another process goes on with the state, and pays for nothing but 8.
		time.Sleep(2 * time.Hour)
		r.Put(r.PersonOf(fiction(2), "@cem"))
		r.Publish()
		d, s = r.open(path)
		result, err = d.Sync(background, discovery.Search{Mine: mine, Numbers: []string{ben, fiction(2)}, State: s})
		if err != nil || len(result.Found) != 2 || handle(result.Found[1]) != "@cem" || result.Counts.Known != 2 || result.Counts.Charged != 8 {
			t.Fatal(result, err)
		}
	})
}

// sync runs one with a number's account.
func (r *rig) sync(path string, mine *discovery.Mine, numbers ...string) (discovery.Result, error) {
	r.t.Helper()
	d, s := r.open(path)
	return d.Sync(background, discovery.Search{Mine: mine, Numbers: numbers, State: s, RecordsLimit: 64 * 300})
}

// later lets time go by and publishes.
func (r *rig) later(d time.Duration) {
	time.Sleep(d)
	r.Publish()
}

// One friend's handle where records are not read whole: the hashes of all blocks
// and then the friend's block, without a credential and never by itself.
func TestHandle(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		path := filepath.Join(t.TempDir(), "state")
		mine := r.Account(fiction(0), "me")
		friend := r.PersonOf(fiction(1), "@ben")
		r.Put(friend)
		for range 700 {
			r.Put(r.Stranger(r.Draw()))
		}
		r.later(time.Hour)
		result, err := r.sync(path, mine, fiction(1))
		if err != nil || len(result.Found) != 1 || result.Found[0].Record != nil || result.Counts.Records {
			t.Fatal(result, err)
		}
		ask := func() (discovery.Found, []string, error) {
			var asked []string
			lie := r.Lie
			defer func() { r.Lie = lie }()
			r.Lie = func(e *discoverytest.Exchange) {
				if lie != nil {
					lie(e)
				}
				asked = append(asked, e.Method+" "+e.Path+" "+e.Request.Get("Range"))
				if e.Request.Get("Authorization") != "" {
					t.Error("a credential is sent")
				}
			}
			d, s := r.open(path)
			f, err := d.Handle(background, s, fiction(1))
			return f, asked, err
		}
		at := slices.IndexFunc(r.People(), func(p discoverytest.Person) bool { return p.ID == friend.ID })
		block := at / directory.Block
		from := directory.HeaderSize + block*directory.Block*directory.RecordSize
		to := min(from+directory.Block*directory.RecordSize, directory.HeaderSize+len(r.People())*directory.RecordSize) - 1
		found, asked, err := ask()
		want := []string{"GET /v2/directory ", "GET /v2/log/update?from=2 ", "GET /v2/states/2/hashes ", fmt.Sprintf("GET /v2/states/2/records bytes=%d-%d", from, to)}
		if err != nil || handle(found) != "@ben" || !slices.Equal(asked, want) {
			t.Errorf("%v %v %q", found, err, asked)
		}
		// After another version the tags are brought up to date first.
		r.Put(r.Stranger(r.Draw()))
		r.later(time.Hour)
		found, asked, err = ask()
		if err != nil || handle(found) != "@ben" || len(asked) != 7 || asked[2] != "GET /v2/states/3/root " {
			t.Errorf("%v %v %q", found, err, asked)
		}
		for _, c := range []struct {
			why  string
			lie  func(e *discoverytest.Exchange)
			code discovery.Code
		}{
			{"another hash", func(e *discoverytest.Exchange) {
				if path := e.Path; path == "/v2/states/3/hashes" {
					e.Body[0] ^= 1
				}
			}, discovery.RecordWrong},
			{"hashes withheld", func(e *discoverytest.Exchange) {
				if e.Path == "/v2/states/3/hashes" {
					e.Refuse(directory.StoreBusy)
				}
			}, discovery.Refused},
			{"the block withheld", func(e *discoverytest.Exchange) {
				if e.Request.Get("Range") != "" {
					e.Refuse(directory.VersionGone)
				}
			}, discovery.Refused},
			{"another block", func(e *discoverytest.Exchange) {
				if e.Request.Get("Range") != "" {
					e.Body[0] ^= 1
				}
			}, discovery.RecordWrong},
			{"the whole file", func(e *discoverytest.Exchange) {
				if e.Request.Get("Range") != "" {
					e.Status, e.Body = 200, r.Last().Records
				}
			}, discovery.Refused},
		} {
			r.Lie = c.lie
			_, _, err := ask()
			if !errors.Is(err, c.code) {
				t.Errorf("%s: %v", c.why, err)
			}
			r.Lie = nil
			if result, err := r.sync(path, nil, fiction(1)); err != nil || len(result.Found) != 1 {
				t.Errorf("%s: then %v %v", c.why, result, err)
			}
		}
		// A tag that is in every block does not have them all read.
		for range 1500 {
			r.Put(r.Stranger(friend.Tag))
		}
		r.later(time.Hour)
		_, asked, err = ask()
		code(t, err, discovery.TagsWrong)
		if strings.Contains(strings.Join(asked, "\n"), "/records") {
			t.Errorf("%q", asked)
		}
		if _, s := r.open(path); s != nil {
			d, _ := r.open("")
			if _, err := d.Handle(background, s, fiction(1)); !errors.Is(err, discovery.Input) {
				t.Error(err)
			}
		}
	})
}

// The handle that was seen first is kept, and another one is told of.
func TestFirstHandleIsKept(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		path := filepath.Join(t.TempDir(), "state")
		mine := r.Account(fiction(0), "me")
		r.Put(r.PersonOf(fiction(1), "first"))
		r.later(time.Hour)
		if result, err := r.sync(path, mine, fiction(1)); err != nil || handle(result.Found[0]) != "first" || result.Found[0].Before != nil {
			t.Fatal(result, err)
		}
		r.Put(r.PersonOf(fiction(1), "second"))
		r.later(time.Hour)
		for range 2 {
			result, err := r.sync(path, mine, fiction(1))
			if err != nil || handle(result.Found[0]) != "second" || result.Found[0].Before == nil || string(result.Found[0].Before.Handle[:5]) != "first" {
				t.Fatal(result, err)
			}
		}
		// Two records that open for one number.
		two := r.PersonOf(fiction(1), "third")
		two.ID[0] ^= 1
		r.Put(two)
		r.later(time.Hour)
		if result, err := r.sync(path, mine, fiction(1)); err != nil || !result.Found[0].Several {
			t.Fatal(result, err)
		}
	})
}

// Whoever comes with a code alone waits, and the old credential can refuse once.
func TestRenewal(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		ann := fiction(0)
		old := r.Account(ann, "@ann")
		r.later(time.Hour)
		d, s := r.open("")
		reg, err := d.Register(background, ann)
		if err != nil {
			t.Fatal(err)
		}
		c := discovery.Confirmation{Registration: reg.ID, Number: ann, Code: r.Code, Scopes: directory.Scopes()}
		confirm := func() (discovery.Mine, *discovery.Renewing) {
			m, err := d.Confirm(background, s, c)
			later, _ := errors.AsType[*discovery.Renewing](err)
			if later == nil && err != nil {
				t.Fatal(err)
			}
			return m, later
		}
		_, later := confirm()
		if later == nil || !later.Ready.Equal(time.Now().Add(24*time.Hour).Truncate(time.Second)) {
			t.Fatal(later)
		}
		c.Registration = later.Registration
		held, err := d.Me(background, old.Credential)
		if err != nil || held.Renewal == nil || held.Renewal.Refused {
			t.Fatal(held, err)
		}
		if err := d.RefuseRenewal(background, old.Credential); err != nil {
			t.Fatal(err)
		}
		if err := d.RefuseRenewal(background, old.Credential); !errors.Is(err, directory.RenewalFinal) {
			t.Error(err)
		}
		r.later(20 * time.Hour)
		r.later(6 * time.Hour)
		if _, later := confirm(); later == nil {
			t.Error("renewed though it was refused")
		}
		for range 30 {
			r.later(6 * time.Hour)
		}
		renewed, later := confirm()
		if later != nil || renewed.Receipt.Account != old.Receipt.Account || renewed.Credential == old.Credential {
			t.Error(renewed.Receipt, later)
		}
		if _, err := d.Me(background, old.Credential); !errors.Is(err, directory.CredentialUnknown) {
			t.Error(err)
		}
		// With the credential it comes at once.
		reg, _ = d.Register(background, ann)
		c = discovery.Confirmation{Registration: reg.ID, Number: ann, Code: r.Code, Scopes: directory.Scopes(), Credential: renewed.Credential}
		if again, later := confirm(); later != nil || again.Credential == renewed.Credential {
			t.Error("not renewed at once")
		}
	})
}

// A new epoch: the account moves without a code, and all numbers are anew.
func TestMove(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		path := filepath.Join(t.TempDir(), "state")
		mine := r.Account(fiction(0), "@ann")
		r.Put(r.PersonOf(fiction(1), "@ben"))
		r.later(time.Hour)
		if _, err := r.sync(path, mine, fiction(1)); err != nil {
			t.Fatal(err)
		}
		r.NextEpoch()
		r.Put(r.PersonOf(fiction(1), "@ben"))
		r.later(time.Hour)
		stays := *mine
		stays.Number = ""
		if _, err := r.sync(path, &stays, fiction(1)); !errors.Is(err, discovery.Epoch) {
			t.Errorf("without the number: %v", err)
		}
		result, err := r.sync(path, mine, fiction(1))
		if err != nil || result.Moved == nil || result.Moved.Receipt.Epoch != 2 || len(result.Found) != 1 || result.Counts.Evaluated != 1 || result.Epochs {
			t.Fatal(result, err)
		}
		d, _ := r.open("")
		if err := d.Publish(background, result.Moved, directory.Record{Handle: [32]byte{'@'}}); err != nil {
			t.Fatal(err)
		}
		r.later(time.Hour)
		if result, err = r.sync(path, result.Moved, fiction(1)); err != nil || result.Moved != nil || result.Counts.Evaluated != 0 {
			t.Fatal(result, err)
		}
		// The second one within a day is worth a warning.
		r.NextEpoch()
		r.later(time.Hour)
		moved := *mine
		moved.Credential = result.Held.CredentialSHA256 // not one
		if _, err := r.sync(path, &moved, fiction(1)); !errors.Is(err, discovery.Input) {
			t.Error(err)
		}
	})
}

// Own acts are no reason to warn.
func TestOwnActs(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		path := filepath.Join(t.TempDir(), "state")
		d, s := r.open(path)
		ann := fiction(0)
		reg, err := d.Register(background, ann)
		if err != nil {
			t.Fatal(err)
		}
		mine, err := d.Confirm(background, s, discovery.Confirmation{Registration: reg.ID, Number: ann, Code: r.Code, Scopes: directory.Scopes()})
		if err != nil {
			t.Fatal(err)
		}
		step := func(what string) {
			t.Helper()
			d, s := r.open(path)
			if _, err := d.Sync(background, discovery.Search{Mine: &mine, State: s}); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		step("not published yet")
		r.later(time.Hour)
		step("published with a random record")
		for i := range 3 {
			if err := d.Publish(background, &mine, directory.Record{Flags: uint32(i)}); err != nil {
				t.Fatal(err)
			}
			step("put, and not published yet")
			r.later(time.Hour)
			step("published")
		}
		r.Put(r.Stranger(r.Draw()))
		r.later(3 * time.Hour)
		step("others come")
		for range 50 {
			r.later(5 * time.Hour)
		}
		d, s = r.open(path)
		result, err := d.Sync(background, discovery.Search{Mine: &mine, State: s})
		if err != nil || result.Unwatched[0].IsZero() {
			t.Errorf("after more than 8 days: %v %v", result.Unwatched, err)
		}
		// What somebody else does is: also where the whole list was read.
		y := r.Output(ann)
		r.Remove(discoverytest.Person{Tag: directory.Tag(&y, 1), ID: directory.AccountID(&y, 1)})
		for range 50 {
			r.later(5 * time.Hour)
		}
		d, s = r.open(path)
		if _, err := d.Sync(background, discovery.Search{Mine: &mine, State: s}); !errors.Is(err, discovery.Own) {
			t.Error(err)
		}
	})
}

// What the budget does not cover waits, and comes later.
func TestBudgetWaits(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		path := filepath.Join(t.TempDir(), "state")
		r.Limits.Budget, r.Limits.RefillPerDay = 1024, 300
		r.later(time.Hour)
		mine := r.Account(fiction(0), "me")
		r.later(time.Hour)
		var book []string
		for i := range 1400 {
			book = append(book, fiction(1000+i))
		}
		result, err := r.sync(path, mine, book...)
		if c := result.Counts; err != nil || c.Evaluated != 1024 || c.Charged != 1024 || c.Waiting != 376 || !result.WaitUntil.After(time.Now()) {
			t.Fatal(result.Counts, result.WaitUntil, err)
		}
		r.later(20 * time.Hour)
		result, err = r.sync(path, mine, book...)
		if c := result.Counts; err != nil || c.Evaluated != 248 || c.Charged != 248 || c.Waiting != 128 {
			t.Fatal(result.Counts, err)
		}
		r.later(24 * time.Hour)
		result, err = r.sync(path, mine, book...)
		if c := result.Counts; err != nil || c.Waiting != 0 || c.Known != 1272 || c.Charged != 256 {
			t.Fatal(result.Counts, err)
		}
	})
}

// A version that is replaced while it is read begins a sync again.
func TestReplacedWhileRead(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		mine := r.Account(fiction(0), "me")
		r.later(time.Hour)
		times := 0
		r.Lie = func(e *discoverytest.Exchange) {
			if times < 3 && e.Method == "GET" && len(e.Path) > 11 && e.Path[:11] == "/v2/states/" {
				times++
				r.Put(r.Stranger(r.Draw()))
				r.Publish()
				e.Refuse(directory.VersionGone)
			}
		}
		result, err := r.sync("", mine, fiction(1))
		if err != nil || times != 3 || result.Counts.Version != r.Last().Version {
			t.Error(result.Counts, err, times)
		}
	})
}

// Withdrawing, with a credential or by a code, and what a receipt must be.
func TestWithdraw(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		ann, ben := r.Account(fiction(0), "@ann"), r.Account(fiction(1), "@ben")
		r.later(time.Hour)
		d, _ := r.open("")
		w, note, err := d.Withdraw(background, ann.Credential, ann.Receipt.Account)
		if err != nil || w.AbsentFromVersion != r.Last().Version+1 || note == "" || w.Tree() != r.Last().Tree {
			t.Error(w, err)
		}
		if _, _, err := d.Withdraw(background, ann.Credential, ""); !errors.Is(err, directory.CredentialUnknown) {
			t.Error(err)
		}
		if _, _, err := d.Withdraw(background, ben.Credential, ann.Receipt.Account); !errors.Is(err, discovery.ReceiptWrong) {
			t.Error(err)
		}
		ben = r.Account(fiction(1), "@ben")
		reg, err := d.Register(background, fiction(1))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.WithdrawByCode(background, reg.ID, fiction(1), "00000000"); !errors.Is(err, directory.CodeWrong) {
			t.Error(err)
		}
		if w, _, err := d.WithdrawByCode(background, reg.ID, fiction(1), r.Code); err != nil || w.Account != ben.Receipt.Account {
			t.Error(w, err)
		}
		if _, err := d.Me(background, ben.Credential); !errors.Is(err, directory.CredentialUnknown) {
			t.Error(err)
		}
	})
}

// A state that is damaged, of another directory or of version 1 is refused.
func TestStates(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		path := filepath.Join(t.TempDir(), "state")
		mine := r.Account(fiction(0), "me")
		r.later(time.Hour)
		if _, err := r.sync(path, mine, fiction(1)); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if info, _ := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Fatal(err, info.Mode())
		}
		d, _ := r.open("")
		for at := 0; at < len(b); at += 97 {
			other := slices.Clone(b)
			other[at] ^= 1
			os.WriteFile(path, other, 0o600)
			if _, err := discovery.LoadState(path, d); !errors.Is(err, discovery.StateWrong) {
				t.Errorf("byte %d: %v", at, err)
			}
		}
		other := discoverytest.New(9, time.Now)
		os.WriteFile(path, b, 0o600)
		elsewhere, err := discovery.New(discoverytest.URL, discovery.Options{Key: other.Key(), Transport: other})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := discovery.LoadState(path, elsewhere); !errors.Is(err, discovery.StateWrong) {
			t.Error(err)
		}
	})
}

// Two clients who are shown different logs from the first contact on each have
// what shows it: signed updates of one log with different trees.
func TestForkAtFirstContact(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		fork := r.Fork()
		r.Put(r.Stranger(r.Draw()))
		fork.Put(fork.Stranger(fork.Draw()))
		time.Sleep(time.Hour)
		r.Publish()
		fork.Publish()
		read := func(d *discoverytest.Directory) (int64, string) {
			path := filepath.Join(t.TempDir(), "state")
			client, err := discovery.New(discoverytest.URL, discovery.Options{Key: r.Key(), Transport: d})
			if err != nil {
				t.Fatal(err)
			}
			s, err := discovery.LoadState(path, client)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := client.Sync(background, discovery.Search{State: s}); err != nil {
				t.Fatal(err)
			}
			b, _ := os.ReadFile(path)
			var f struct {
				Size   int64 `json:"log_size"`
				Update string
			}
			if err := json.Unmarshal(b[:slices.Index(b, '\n')], &f); err != nil {
				t.Fatal(err)
			}
			log, err := trust.NewVerifier(client.Parameters.Log, trust.Origin(discoverytest.Name))
			if err != nil {
				t.Fatal(err)
			}
			u, err := trust.ReadUpdate(f.Update, 0, log)
			if err != nil || u.Tree.N != f.Size {
				t.Fatal(err)
			}
			return f.Size, u.Tree.Hash.String()
		}
		n, root := read(r.Directory)
		m, other := read(fork)
		if n != m || root == other {
			t.Errorf("%d %s, %d %s", n, root, m, other)
		}
	})
}

// Whatever stands in the file of a state, reading it ends, with that state or
// with an error.
func FuzzLoadState(f *testing.F) {
	path := filepath.Join(f.TempDir(), "state")
	r := discoverytest.New(1, time.Now)
	mine := r.Account(fiction(0), "me")
	r.Put(r.PersonOf(fiction(1), "@ben"))
	r.Publish()
	open := func(t testing.TB) (*discovery.Directory, *discovery.State, error) {
		d, err := discovery.New(discoverytest.URL, discovery.Options{Key: r.Key(), Transport: r})
		if err != nil {
			t.Fatal(err)
		}
		s, err := discovery.LoadState(path, d)
		return d, s, err
	}
	d, s, err := open(f)
	if err != nil {
		f.Fatal(err)
	}
	if _, err := d.Sync(background, discovery.Search{Mine: mine, Numbers: []string{fiction(1)}, State: s}); err != nil {
		f.Fatal(err)
	}
	b, err := os.ReadFile(path)
	text, _, _ := strings.Cut(string(b), "\n")
	if err != nil || len(text) < 1000 {
		f.Fatal(len(text), err)
	}
	f.Add(text)
	f.Add(`{"sealbook":"state","version":2,"tags":"U0JUMg"}`)
	f.Add(`{"sealbook":"state","version":2,"log_size":1,"leaf":"x","records":""}`)
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ReplaceAll(text, "\n", " ")
		if err := os.WriteFile(path, []byte(text+"\n"+directory.TextSHA256(text)+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, s, err := open(t)
		if err != nil {
			code(t, err, discovery.StateWrong)
			return
		}
		if err := s.Save(); err != nil {
			t.Error(err)
		}
		if _, _, err := open(t); err != nil {
			t.Error("what was saved is not read")
		}
	})
}

// Of two batches the one that is proved is kept, whichever it is, and the next
// sync has the other evaluated again.
func TestTwoBatches(t *testing.T) {
	for lied := range 2 {
		inBubble(t, func(t *testing.T, r *rig) {
			path := filepath.Join(t.TempDir(), "state")
			mine := r.Account(fiction(0), "me")
			r.later(time.Hour)
			book := numbers(1000, 1030)
			batch := 0
			r.Lie = func(e *discoverytest.Exchange) {
				if e.Method == "POST" {
					if batch == lied {
						e.Body[len(e.Body)-1] ^= 1
					}
					batch++
				}
			}
			_, err := r.sync(path, mine, book...)
			code(t, err, discovery.Proof)
			if batch != 2 {
				t.Errorf("%d batches", batch)
			}
			r.Lie = nil
			result, err := r.sync(path, mine, book...)
			want := map[int]int{0: 6, 1: 1024}[lied]
			if err != nil || result.Counts.Known != want || result.Counts.Evaluated != 1030-want {
				t.Errorf("%+v %v", result.Counts, err)
			}
		})
	}
}
