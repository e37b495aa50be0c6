// Command devcert makes a certificate for development, and the authority that vouches for it. It prints
// which file a browser has to trust. If there is an authority already, it is used again.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"wsworkshop/steps/13/certs"
)

func main() {
	dir := flag.String("dir", "certs-dev", "folder for the files; keep it out of git")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "devcert [-dir folder] [name or IP address …]\n\nWithout names it is for localhost, 127.0.0.1 and ::1.")
		flag.PrintDefaults()
	}
	flag.Parse()
	hosts := flag.Args()
	if len(hosts) == 0 {
		hosts = []string{"localhost", "127.0.0.1", "::1"}
	}
	if err := run(*dir, hosts); err != nil {
		fmt.Fprintln(os.Stderr, "devcert:", err)
		os.Exit(1)
	}
}

func run(dir string, hosts []string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	authority, err := open(filepath.Join(dir, "ca.pem"), filepath.Join(dir, "ca-key.pem"))
	if err != nil {
		return err
	}
	pair, err := authority.Issue(hosts...)
	if err != nil {
		return err
	}
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if err := pair.Write(cert, key); err != nil {
		return err
	}
	fmt.Printf("A certificate for %q is in %s.\nHave your browser trust %s, as an authority, and start the server with\n\n  -tls-cert %s -tls-key %s\n",
		hosts, cert, filepath.Join(dir, "ca.pem"), cert, key)
	return nil
}

// open reads the authority, or makes one.
func open(certFile, keyFile string) (*certs.Authority, error) {
	pair, err := certs.ReadPair(certFile, keyFile)
	if err == nil {
		return certs.ReadAuthority(pair)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	authority, err := certs.NewAuthority()
	if err != nil {
		return nil, err
	}
	return authority, authority.Pair().Write(certFile, keyFile)
}
