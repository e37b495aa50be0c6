package chat_test

import (
	"context"
	"crypto/tls"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	"wsworkshop/steps/13/certs"
)

// watched is a server whose certificate lies in files.
type watched struct {
	*server
	*pairOfFiles
	a     *authority
	files *certs.Files
}

// watch is a test of a server whose certificate, number 10, is valid in this time.
func watch(t *testing.T, valid [2]time.Time, fn func(w *testclient.World, s *watched)) {
	a, pair := newAuthority(t), newPairOfFiles(t)
	pair.write(a.issue(t, 10, host, valid))
	testclient.Run(t, func(w *testclient.World) {
		files, err := certs.Load(pair.cert, pair.key, w.Logger())
		require.NoError(w, err, "certs.Load")
		cfg := lasting
		cfg.TLS = certs.ServerTLS(files.GetCertificate)
		cfg.Background = append(cfg.Background, files.Watch)
		fn(w, &watched{server: start(w, cfg, a.roots), pairOfFiles: pair, a: a, files: files})
	})
}

// expectSerial fails unless a new client gets the certificate of that number.
func (s *watched) expectSerial(want int64, why string) {
	s.w.Helper()
	conn, err := s.shake("client", &tls.Config{RootCAs: s.a.roots, ServerName: host})
	if err != nil {
		s.w.Fatalf("a handshake failed: %v: %s", err, why)
	}
	if got := conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64(); got != want {
		s.w.Fatalf("a new client got the certificate %d, want %d: %s", got, want, why)
	}
	conn.Close()
}

// records counts the records of a message and a level.
func (s *watched) records(message, level string) int {
	n := 0
	for _, r := range s.w.Logs().Records() {
		if r.Message == message && r.Level.String() == level {
			n++
		}
	}
	return n
}

// expectRecords fails unless there are so many.
func (s *watched) expectRecords(want int, message, level, why string) {
	s.w.Helper()
	s.w.Settle()
	if got := s.records(message, level); got != want {
		s.w.Fatalf("the log has %d records %q with the level %s, want %d: %s", got, message, level, want, why)
	}
}

// Task 13.3 (12 points, after 13.2): A new certificate counts without a restart.
//
// Rules: 13.l.
func TestNewCertificateIsPickedUp(t *testing.T) {
	watch(t, always, func(w *testclient.World, s *watched) {
		s.expectSerial(10, "it was there first")
		ana := s.Join("ana", "den")
		w.Sleep(7 * time.Second)
		w.Note("another certificate is in the files")
		s.write(s.a.issue(w, 11, host, always))
		w.Sleep(time.Minute)
		s.expectSerial(11, "it has been in the files for a minute")
		ana.Say("still here")
		ana.Hear("message still here")
		s.expectRecords(2, "certificate loaded", "INFO", "there were two certificates")
		w.Sleep(time.Hour)
		s.write(s.a.issue(w, 12, host, always))
		w.Sleep(time.Minute)
		s.expectSerial(12, "it is the third one")
		s.expectRecords(3, "certificate loaded", "INFO", "there were three certificates, and an hour in which nothing changed")
	})
}

// Task 13.3: The two files may be replaced one by one, and a minute may end between them.
//
// Rules: 13.l, 13.m.
func TestFilesAreReplacedOneByOne(t *testing.T) {
	watch(t, always, func(w *testclient.World, s *watched) {
		w.Sleep(7 * time.Second)
		cert, key := s.a.issue(w, 11, host, always)
		writeFile(t, s.cert, cert)
		w.Note("the certificate is another one, and the key will be")
		w.Sleep(time.Minute)
		s.expectSerial(10, "the key of the new one is not there yet")
		writeFile(t, s.key, key)
		w.Note("the key is, too")
		w.Sleep(time.Minute)
		s.expectSerial(11, "the key has been there for a minute")
	})
}

// Task 13.3: The files are read each minute, whatever came before.
//
// Rules: 13.l.
func TestFilesAreReadEachMinute(t *testing.T) {
	watch(t, always, func(w *testclient.World, s *watched) {
		for i := range 5 {
			w.Sleep(time.Minute)
			s.write(s.a.issue(w, int64(20+i), host, always))
			w.Sleep(59 * time.Second)
			s.write(s.a.issue(w, int64(30+i), host, always))
			w.Sleep(2 * time.Second)
			s.expectSerial(int64(30+i), "it was in the files when the minute was over")
			w.Sleep(59 * time.Second)
		}
	})
}

// Task 13.3: What cannot be used is told once, and the old certificate stays until there is one that can.
//
// Rules: 13.m, 13.n.
func TestBrokenCertificateIsNotUsed(t *testing.T) {
	day := 24 * time.Hour
	bubble := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, s *watched)
	}{
		{"OfAnotherKey", func(t *testing.T, s *watched) {
			cert, _ := s.a.issue(t, 11, host, always)
			writeFile(t, s.cert, cert)
		}},
		{"Half", func(t *testing.T, s *watched) {
			cert, key := s.a.issue(t, 11, host, always)
			s.write(cert[:len(cert)/2], key)
		}},
		{"Empty", func(t *testing.T, s *watched) { s.write(nil, nil) }},
		{"NoFile", func(t *testing.T, s *watched) { os.Remove(s.cert) }},
		{"NoKey", func(t *testing.T, s *watched) { os.Remove(s.key) }},
		{"Expired", func(t *testing.T, s *watched) {
			s.write(s.a.issue(t, 11, host, [2]time.Time{bubble.Add(-90 * day), bubble.Add(-day)}))
		}},
		{"NotYetValid", func(t *testing.T, s *watched) {
			s.write(s.a.issue(t, 11, host, [2]time.Time{bubble.Add(day), bubble.Add(90 * day)}))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			watch(t, always, func(w *testclient.World, s *watched) {
				w.Sleep(7 * time.Second)
				w.Note("the files are spoiled: %s", c.name)
				c.spoil(t, s)
				w.Sleep(time.Minute)
				s.expectSerial(10, "what is in the files now cannot be used")
				s.expectRecords(1, "certificate not loaded", "ERROR", "the files cannot be used")
				w.Sleep(time.Hour)
				s.expectSerial(10, "what is in the files still cannot be used")
				s.expectRecords(1, "certificate not loaded", "ERROR", "nothing has changed for an hour")
				w.Note("the files are mended")
				s.write(s.a.issue(t, 12, host, always))
				w.Sleep(time.Minute)
				s.expectSerial(12, "it can be used")
				s.expectRecords(1, "certificate not loaded", "ERROR", "the new files can be used")
			})
		})
	}
}

// Task 13.3: A pair that cannot be used yet is used when it can, without another change.
//
// Rules: 13.l.
func TestPairBecomesValid(t *testing.T) {
	bubble := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	watch(t, always, func(w *testclient.World, s *watched) {
		w.Sleep(7 * time.Second)
		w.Note("a pair is in the files that is valid an hour from now")
		s.write(s.a.issue(w, 11, host, [2]time.Time{bubble.Add(time.Hour), bubble.Add(1000 * time.Hour)}))
		w.Sleep(50 * time.Minute)
		s.expectSerial(10, "the new one is not valid yet")
		s.expectRecords(1, "certificate not loaded", "ERROR", "nothing has changed for 50 minutes")
		w.Sleep(12 * time.Minute)
		s.expectSerial(11, "it has been valid for two minutes")
		s.expectRecords(2, "certificate loaded", "INFO", "there were two certificates")
	})
}

// Task 13.3: Each further failure of another kind is told, and a return to the certificate in use is no news.
//
// Rules: 13.l, 13.n.
func TestEachFailureIsTold(t *testing.T) {
	watch(t, always, func(w *testclient.World, s *watched) {
		first, err := certs.ReadPair(s.cert, s.key)
		require.NoError(w, err)
		w.Sleep(7 * time.Second)
		os.Remove(s.cert)
		w.Sleep(time.Minute)
		s.write([]byte("nonsense"), nil)
		w.Sleep(time.Minute)
		s.expectRecords(2, "certificate not loaded", "ERROR", "first there was no file, then there was nonsense in it")
		s.write(first.Cert, first.Key)
		w.Sleep(time.Minute)
		s.expectSerial(10, "the first certificate is back")
		s.expectRecords(1, "certificate loaded", "INFO", "the certificate that has come back was in use all the time")
		s.write([]byte("nonsense"), nil)
		w.Sleep(time.Minute)
		s.expectRecords(3, "certificate not loaded", "ERROR", "the nonsense has come back, too")
		os.Remove(s.cert)
		w.Sleep(time.Minute)
		require.NoError(w, os.Mkdir(s.cert, 0o700))
		w.Sleep(time.Minute)
		s.expectRecords(5, "certificate not loaded", "ERROR", "then there was no file, and then a folder in its place")
	})
}

// Task 13.3: A server does not start with a certificate that cannot be used.
//
// Rules: 13.k.
func TestLoadRefuses(t *testing.T) {
	a := newAuthority(t)
	last := [2]time.Time{time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)}
	bubble := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	good, expired, missing := newPairOfFiles(t), newPairOfFiles(t), newPairOfFiles(t)
	good.write(a.issue(t, 1, host, always))
	expired.write(a.issue(t, 2, host, last))
	late, early := newPairOfFiles(t), newPairOfFiles(t)
	late.write(a.issue(t, 3, host, [2]time.Time{last[0], bubble.Add(-time.Minute)}))
	early.write(a.issue(t, 4, host, [2]time.Time{bubble.Add(time.Minute), always[1]}))
	testclient.Run(t, func(w *testclient.World) {
		if _, err := certs.Load(good.cert, good.key, w.Logger()); err != nil {
			w.Fatalf("Load of a good pair = %v, want nil", err)
		}
		if _, err := certs.Load(missing.cert, missing.key, w.Logger()); err == nil {
			w.Fatalf("Load of files that do not exist = nil, want an error")
		}
		if _, err := certs.Load(good.cert, expired.key, w.Logger()); err == nil {
			w.Fatalf("Load of a certificate with the key of another one = nil, want an error")
		}
		if _, err := certs.Load(expired.cert, expired.key, w.Logger()); err == nil {
			w.Fatalf("Load of a certificate that was valid until 1999 = nil, want an error: it is 2000")
		}
		if _, err := certs.Load(late.cert, late.key, w.Logger()); err == nil {
			w.Fatalf("Load of a certificate that was valid until a minute ago = nil, want an error")
		}
		if _, err := certs.Load(early.cert, early.key, w.Logger()); err == nil {
			w.Fatalf("Load of a certificate that is valid in a minute = nil, want an error")
		}
	})
}

// Task 13.3: Watch ends with its context.
//
// Rules: 13.l.
func TestWatchEnds(t *testing.T) {
	a, pair := newAuthority(t), newPairOfFiles(t)
	pair.write(a.issue(t, 1, host, always))
	testclient.Run(t, func(w *testclient.World) {
		files, err := certs.Load(pair.cert, pair.key, w.Logger())
		require.NoError(w, err, "certs.Load")
		ctx, end := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- files.Watch(ctx) }()
		w.Sleep(90 * time.Second)
		w.Note("the ctx of Watch ends")
		end()
		select {
		case err := <-done:
			if err != nil {
				w.Fatalf("Watch returned %v at the end of its ctx, want nil", err)
			}
		case <-time.After(time.Second):
			w.Lacks("", "Watch should have returned within 1s of the end of its ctx")
		}
	})
}

// Task 13.4 (5 points, after 13.3): A certificate that nobody renews is told of in time.
//
// Rules: 13.o.
func TestExpiryIsTold(t *testing.T) {
	day := 24 * time.Hour
	bubble := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, life := range []time.Duration{6 * day, 4 * day} {
		t.Run(strings.TrimSuffix(life.String(), "0m0s"), func(t *testing.T) {
			watch(t, [2]time.Time{bubble, bubble.Add(life)}, func(w *testclient.World, s *watched) {
				w.Sleep(life*3/4 - time.Hour)
				s.expectRecords(0, "certificate expires", "WARN", "more than a quarter of its life is left")
				w.Sleep(time.Hour + 90*time.Second)
				s.expectRecords(1, "certificate expires", "WARN", "less than a quarter of its life is left")
				w.Sleep(life/4 - 2*time.Hour)
				s.expectRecords(1+int((life/4-2*time.Hour)/day), "certificate expires", "WARN", "it is told once a day")
				s.expectRecords(0, "certificate expires", "ERROR", "it is still valid")
				w.Sleep(2 * time.Hour)
				s.expectRecords(1, "certificate expires", "ERROR", "it has expired")
				w.Sleep(23 * time.Hour)
				s.expectRecords(1, "certificate expires", "ERROR", "it had expired less than a day ago")
				w.Sleep(2 * time.Hour)
				s.expectRecords(2, "certificate expires", "ERROR", "it had expired a day ago")
			})
		})
	}
}

// Task 13.4: A new certificate ends the warnings.
//
// Rules: 13.o.
func TestRenewalEndsTheWarnings(t *testing.T) {
	day := 24 * time.Hour
	bubble := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	watch(t, [2]time.Time{bubble.Add(-11 * day), bubble.Add(day)}, func(w *testclient.World, s *watched) {
		w.Sleep(2 * time.Minute)
		s.expectRecords(1, "certificate expires", "WARN", "it is in its last day")
		s.write(s.a.issue(w, 11, host, [2]time.Time{bubble, bubble.Add(90 * day)}))
		w.Sleep(2 * day)
		s.expectSerial(11, "it has been in the files for two days")
		s.expectRecords(1, "certificate expires", "WARN", "it was replaced by a new one in time")
		s.expectRecords(0, "certificate expires", "ERROR", "it was replaced by a new one in time")
	})
}

// Task 13.4: A new certificate that is in its last quarter too is another one to tell of.
//
// Rules: 13.o.
func TestEachCertificateIsToldOf(t *testing.T) {
	day := 24 * time.Hour
	bubble := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	watch(t, [2]time.Time{bubble.Add(-11 * day), bubble.Add(day)}, func(w *testclient.World, s *watched) {
		w.Sleep(2 * time.Minute)
		s.expectRecords(1, "certificate expires", "WARN", "it is in its last day")
		s.write(s.a.issue(w, 11, host, [2]time.Time{bubble.Add(-89 * day), bubble.Add(2 * day)}))
		w.Sleep(3 * time.Minute)
		s.expectSerial(11, "it has been in the files for three minutes")
		s.expectRecords(2, "certificate expires", "WARN", "the new one expires in two days")
		w.Sleep(time.Hour)
		s.expectRecords(2, "certificate expires", "WARN", "each was told of less than a day ago")
	})
}
