// Package chattest is what the suites of the course share: the chat's own protocol, on top of
// package testclient, which knows no protocol. From step 04 on, when messages are JSON
// objects, a test reads like this:
//
//	testclient.Run(t, func(w *testclient.World) {
//		s := chattest.Serve(w, handler, cfg)
//		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
//		ana.Hear("system bob joined")
//		bob.Say("hello")
//		ana.Hear("message hello")
//		bob.Leave()
//		ana.Hear("system bob left")
//		s.HearNoMore(ana)
//	})
//
// A client that comes over the fallback of step 09 joins with [Server.JoinEvents], and the rest of
// the test stays the same. [Client.ExpectEnd] expects the end of its stream.
//
// Where a page or a Go client is under test, a [Host] plays the server: the test decides how
// it answers a handshake, what it says, and how it hangs up.
//
// The package imports no step. A suite makes the handler from its own step's Config, and adds what only
// its own step knows.
//
// A line such as "message hello" is a message as [Message.String] writes it: the type, and then
// the text, or the code of an error. Failures name the line of the test, never one of this
// package.
package chattest
