//go:build integration

package integration

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

func TestStep03PagesTalkInRooms(t *testing.T) {
	ctx := start(t, "03")
	b := browser(t, ctx)
	s := serve(t, ctx, "03")

	ana := open(t, b, "ana", s.url)
	ana.say("ana") // the default room
	ana.expectState("In lobby as ana")
	ana.expectMembers("ana (you)")
	bob := open(t, b, "bob", s.url+"?client_id=bob&room_id=lobby")
	bob.click("#toggle")
	bob.expectState("In lobby as bob")
	ana.expect("notice", "", "bob joined")
	ana.expectMembers("ana (you) bob")
	bob.expectMembers("ana bob (you)")

	cleo := open(t, b, "cleo", s.url+"?client_id=cleo&room_id=garden")
	cleo.click("#toggle")
	cleo.expectState("In garden as cleo")
	cleo.expectMembers("cleo (you)")
	cleo.say("anybody in the garden?")
	cleo.expect("sent", "cleo (you)", "anybody in the garden?")

	ana.say("hello, lobby")
	bob.expect("received", "ana", "hello, lobby")
	bob.say("hello, ana")
	ana.expect("received", "bob", "hello, ana")
	ana.lacks("garden")
	ana.say("/msg cleo come over")
	cleo.expect("received direct", "ana → you", "come over")
	cleo.lacks("lobby")

	ana.click("#members button") // begins a direct message to the only other member
	ana.press("psst" + kb.Enter)
	bob.expect("received direct", "ana → you", "psst")
	ana.look("step03")

	bob.click("#toggle")
	ana.expect("notice", "", "bob left")
	ana.expectMembers("ana (you)")
}

func TestStep03PageExplainsRefusals(t *testing.T) {
	ctx := start(t, "03")
	b := browser(t, ctx)
	s := serve(t, ctx, "03", "-room-capacity", "2")

	for _, name := range []string{"ana", "bob"} {
		p := open(t, b, name, s.url+"?client_id="+name)
		p.click("#toggle")
		p.expectState("In lobby as " + name)
	}
	const rule = "1 to 64 letters, digits, “_”, “-” and “.”, the first a letter or digit."
	cleo := open(t, b, "cleo", s.url+"?client_id=cleo")
	cleo.click("#toggle")
	cleo.expect("problem", "", "503: the room lobby is full, with 2 in it.")
	cleo.fill("#room_id", "not a room")
	cleo.press(kb.Enter)
	cleo.expect("problem", "", "400: a room has "+rule)
	cleo.fill("#client_id", "..")
	cleo.press(kb.Enter)
	cleo.expect("problem", "", "400: a client id has "+rule)
	cleo.look("step03-refused")
	cleo.fill("#client_id", "cleo")
	cleo.fill("#room_id", "garden")
	cleo.press(kb.Enter)
	cleo.expectState("In garden as cleo")
}
