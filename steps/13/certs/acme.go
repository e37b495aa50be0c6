package certs

import (
	"errors"
	"fmt"
	"net/http"
	"os"

	"golang.org/x/crypto/acme/autocert"
	"golang.org/x/net/idna"
)

// ACMEConfig says how certificates come from an authority that issues them by itself (RFC 8555).
type ACMEConfig struct {
	// Hosts are the names for which certificates are asked for. Each must lead to this server.
	Hosts []string

	// Dir is a folder for keys and certificates. The authority issues a few per week and name, so it must
	// survive a restart. It is made if there is none. Others are kept out of it.
	Dir string

	// Email is where the authority may write to. Empty is allowed.
	Email string

	// DirectoryURL is where the authority is. Empty means Let's Encrypt.
	DirectoryURL string

	// HTTPClient makes the requests to the authority. Nil means http.DefaultClient.
	HTTPClient *http.Client
}

// NewACME returns a manager that asks for certificates when they are needed, and renews them in time. By
// calling it you accept the authority's terms of service. It returns an error that names the field that is wrong.
func NewACME(cfg ACMEConfig) (*autocert.Manager, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	if err := private(cfg.Dir); err != nil {
		return nil, fmt.Errorf("acme: Dir: %w", err)
	}
	// TODO(13.6): Strangers can ask for any name in a handshake. The authority hears of cfg.Hosts alone.
	return &autocert.Manager{Prompt: autocert.AcceptTOS}, nil // placeholder
}

// private makes a folder that its owner alone can read, or makes one so that there is.
func private(dir string) error {
	// TODO(13.6): There may be such a folder, made by somebody else for something else.
	return os.MkdirAll(dir, 0o755) // placeholder
}

func (cfg ACMEConfig) validate() error {
	if len(cfg.Hosts) == 0 {
		return errors.New("acme: Hosts is empty")
	}
	for _, host := range cfg.Hosts {
		if err := checkHost(host); err != nil {
			return fmt.Errorf("acme: Hosts: %q %w", host, err)
		}
	}
	return nil
}

// checkHost refuses what no ACME server gives this server a certificate for.
func checkHost(host string) error {
	// TODO(13.6): It has to be a name that the authority finds in the DNS. A wildcard takes another kind of proof.
	return nil // placeholder
}

// dnsNames reads names as autocert does, and refuses those that no DNS can have.
var dnsNames = idna.New(idna.MapForLookup(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))
