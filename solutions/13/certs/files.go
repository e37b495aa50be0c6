package certs

import (
	"context"
	"crypto/tls"
	"log/slog"
	"sync/atomic"
	"time"
)

// Interval is how often the files are read.
const Interval = time.Minute

// Files is a certificate that lies in two files, which another program replaces from time to time.
type Files struct {
	certFile, keyFile string
	log               *slog.Logger
	current           atomic.Pointer[tls.Certificate]

	// Of the goroutine of Watch alone:
	seen reading // what came of reading the files the last time
	used Pair    // what current was made of
	told struct {
		// task 13.4: What the last record said of the certificate in use, and when.
		at    time.Time
		level slog.Level
		// end task 13.4
	}
}

// Load reads a certificate and its key. It returns an error if they cannot be used now.
func Load(certFile, keyFile string, log *slog.Logger) (*Files, error) {
	f := &Files{certFile: certFile, keyFile: keyFile, log: log}
	f.seen = read(certFile, keyFile)
	cert, err := f.seen.parse()
	if err != nil {
		return nil, err
	}
	f.use(f.seen.pair, cert)
	return f, nil
}

// GetCertificate is a Source.
func (f *Files) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return f.current.Load(), nil
}

// Watch reads the files every Interval until ctx ends, and then returns nil: it is made for
// Config.Background. It is called once.
func (f *Files) Watch(ctx context.Context) error {
	// task 13.3: Each minute the files count, if they are of use.
	//- <-ctx.Done()
	//- return nil
	ticker := time.NewTicker(Interval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			f.look()
			f.warn()
		case <-ctx.Done():
			return nil
		}
	}
	// end task 13.3
}

// look reads the files, and uses what they hold if it is another pair than the one in use.
func (f *Files) look() {
	// task 13.3: What cannot be used is told once, and the old certificate stays. It may be of use later.
	//- // placeholder: what was there first stays for ever
	now := read(f.certFile, f.keyFile)
	news := !now.equal(f.seen)
	f.seen = now
	cert, err := now.parse()
	switch {
	case err != nil && news:
		f.log.Error("certificate not loaded", "cert_file", f.certFile, "error", err)
	case err == nil && !now.equal(reading{pair: f.used}):
		f.use(now.pair, cert)
	}
	// end task 13.3
}

// use has the next handshakes get a certificate, which was made of a pair.
func (f *Files) use(p Pair, cert *tls.Certificate) {
	f.used = p
	f.current.Store(cert)
	// task 13.4: Nothing has been told of this certificate.
	f.told.at = time.Time{}
	// end task 13.4
	leaf := cert.Leaf
	f.log.Info("certificate loaded", "cert_file", f.certFile, "names", leaf.DNSNames, "addresses", leaf.IPAddresses, "not_after", leaf.NotAfter)
}
