// Package settings fills the flags of a program from its arguments and from the environment, and shows
// what has come of it.
package settings

import (
	"flag"
	"fmt"
	"io"
	"regexp"
)

// Prefix begins the names of all variables in the environment: -max-message is CHAT_MAX_MESSAGE.
const Prefix = "CHAT"

// Parse sets each flag from args. A flag that is not among them it sets from the environment, and
// otherwise it keeps its default. The error names the flag or the variable.
func Parse(flags *flag.FlagSet, args []string) error {
	// TODO(13.12): An argument counts more than the environment. A variable that is empty is not set.
	return flags.Parse(args) // placeholder: without the environment
}

// Print writes what the program runs with: a line for each flag, by name, as in "-max-message=65536". What
// is secret is not shown: the values of the flags in secrets, and passwords in URLs.
func Print(w io.Writer, flags *flag.FlagSet, secrets ...string) {
	// TODO(13.12): People paste this into issues.
	flags.VisitAll(func(f *flag.Flag) { fmt.Fprintf(w, "-%s=%s\n", f.Name, f.Value) }) // placeholder
}

// password finds the first colon of a URL, and all up to its last @. People write passwords with characters in
// them that package url does not read there.
var password = regexp.MustCompile(`(://[^:/?#\s]*):.*@`)

// withoutPasswords is a value without the passwords that it has if it is a URL, or more with commas between them.
func withoutPasswords(value string) string {
	// TODO(13.12): Not all that is sent to a driver can be read as a URL.
	return value // placeholder
}
