package certs

import (
	"context"
	"crypto/tls"
	"log/slog"
	"slices"
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
	seen   reading  // what came of reading the files the last time
	warned struct { // the last record that the certificate expires
		at    time.Time
		level slog.Level
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
	f.use(cert)
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

// look reads the files, and uses what they hold if it is another pair than before.
func (f *Files) look() {
	// task 13.3: What cannot be used is told once, and the old certificate stays.
	//- // placeholder: what was there first stays for ever
	now := read(f.certFile, f.keyFile)
	if now.equal(f.seen) {
		return
	}
	f.seen = now
	cert, err := now.parse()
	if err != nil {
		f.log.Error("certificate not loaded", "cert_file", f.certFile, "error", err)
		return
	}
	f.use(cert)
	// end task 13.3
}

// use has the next handshakes get a certificate.
func (f *Files) use(cert *tls.Certificate) {
	f.current.Store(cert)
	f.log.Info("certificate loaded", "cert_file", f.certFile, "names", names(cert), "not_after", cert.Leaf.NotAfter)
}

// names are the names and addresses for which a certificate holds.
func names(cert *tls.Certificate) []string {
	all := slices.Clone(cert.Leaf.DNSNames)
	for _, ip := range cert.Leaf.IPAddresses {
		all = append(all, ip.String())
	}
	return all
}
