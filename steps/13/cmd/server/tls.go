package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"

	chat "wsworkshop/steps/13"
	"wsworkshop/steps/13/certs"
)

// security is where the certificate comes from, and what answers plain HTTP beside https.
type security struct {
	certFile, keyFile string

	acmeHosts                []string
	acmeDir, acmeEmail       string
	acmeDirectory, acmeRoots string

	plainAddr  string
	plainHosts []string
}

// addTo defines the flags.
func (t *security) addTo(flags *flag.FlagSet) {
	flags.StringVar(&t.certFile, "tls-cert", "", "file with the certificate, in PEM; read again each minute. Needs -tls-key")
	flags.StringVar(&t.keyFile, "tls-key", "", "file with the key of -tls-cert, in PEM")
	addList(flags, &t.acmeHosts, asText, "acme-hosts", "`names` to get certificates for by ACME, with commas between them; accepts the authority's terms")
	flags.StringVar(&t.acmeDir, "acme-dir", "acme", "folder that keeps the certificates of -acme-hosts")
	flags.StringVar(&t.acmeEmail, "acme-email", "", "where the ACME authority may write to")
	flags.StringVar(&t.acmeDirectory, "acme-directory", "", "address of the ACME authority; empty means Let's Encrypt")
	flags.StringVar(&t.acmeRoots, "acme-roots", "", "file with the certificates that vouch for -acme-directory, in PEM; empty means the system's")
	flags.StringVar(&t.plainAddr, "plain-addr", "", "host and port where plain HTTP is sent to https; empty means nowhere")
	addList(flags, &t.plainHosts, asText, "plain-hosts", "`names` that -plain-addr answers for, with commas between them; empty means -acme-hosts, or any")
}

// apply puts into cfg what the flags say. addr is where the server will listen.
func (t *security) apply(cfg *chat.Config, addr string) error {
	plain := &certs.Plain{Hosts: t.plainHosts}
	switch {
	case t.certFile != "" && len(t.acmeHosts) > 0:
		return errors.New("-tls-cert and -acme-hosts exclude each other")
	case (t.certFile == "") != (t.keyFile == ""):
		return errors.New("-tls-cert and -tls-key need each other")
	case t.certFile != "":
		files, err := certs.Load(t.certFile, t.keyFile, cfg.Logger)
		if err != nil {
			return err
		}
		cfg.TLS = certs.ServerTLS(files.GetCertificate)
		cfg.Background = append(cfg.Background, files.Watch)
	case len(t.acmeHosts) > 0:
		tlsConfig, challenges, err := t.acme()
		if err != nil {
			return err
		}
		cfg.TLS, plain.Challenges = tlsConfig, challenges
		if len(plain.Hosts) == 0 {
			plain.Hosts = t.acmeHosts
		}
	case t.plainAddr != "":
		return errors.New("-plain-addr needs -tls-cert or -acme-hosts")
	}
	if t.plainAddr == "" {
		return nil
	}
	return servePlain(cfg, plain, t.plainAddr, addr)
}

// acme sets up certificates by ACME.
func (t *security) acme() (*tls.Config, http.Handler, error) {
	client, err := trusting(t.acmeRoots)
	if err != nil {
		return nil, nil, err
	}
	manager, err := certs.NewACME(certs.ACMEConfig{
		Hosts:        t.acmeHosts,
		Dir:          t.acmeDir,
		Email:        t.acmeEmail,
		DirectoryURL: t.acmeDirectory,
		HTTPClient:   client,
	})
	if err != nil {
		return nil, nil, err
	}
	return certs.ACMETLS(manager), manager.HTTPHandler(http.NotFoundHandler()), nil
}

// trusting returns a client that trusts the certificates in a file; nil if there is no file.
func trusting(file string) (*http.Client, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s has no certificate in it", file)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	return &http.Client{Transport: transport}, nil
}

// servePlain listens at once, so that an address that cannot be had is an error now.
func servePlain(cfg *chat.Config, plain *certs.Plain, plainAddr, addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	if plain.Port, err = strconv.Atoi(port); err != nil {
		return fmt.Errorf("-plain-addr needs a number as the port of -addr, not %q", port)
	}
	ln, err := net.Listen("tcp", plainAddr)
	if err != nil {
		return err
	}
	cfg.Background = append(cfg.Background, func(ctx context.Context) error { return plain.Serve(ctx, ln) })
	return nil
}
