// Command token makes a token for development, and prints it:
//
//	go run ./cmd/token -sub ana -rooms lobby,den -roles admin -for 1h
//
// It signs with the first key that the server would use, see auth.FindKeys.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"wsworkshop/solutions/13/auth"
)

func main() {
	if err := run(os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "token:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("token", flag.ContinueOnError)
	var order auth.Order
	flags.StringVar(&order.Subject, "sub", "", "client id that the token is for; required")
	flags.StringVar(&order.Issuer, "iss", "workshop", "issuer")
	flags.StringVar(&order.Audience, "aud", "chat", "audience")
	rooms := flags.String("rooms", auth.AnyRoom, "rooms that it may enter, with commas; * is any")
	roles := flags.String("roles", "", "roles, with commas; admin may send to all rooms, operator may see what is at -admin-addr")
	flags.DurationVar(&order.Lifetime, "for", time.Hour, "how long it holds")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if order.Subject == "" {
		return fmt.Errorf("-sub is missing: whose token is it?")
	}
	order.Rooms, order.Roles = list(*rooms), list(*roles)
	keys, _, err := auth.FindKeys()
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		return fmt.Errorf("there is no key")
	}
	token, err := keys[0].Sign(order)
	if err != nil {
		return err
	}
	fmt.Println(token)
	return nil
}

func list(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}
