// Package conformance asks a WebSocket server whether it keeps RFC 6455. Its cases follow the
// published list of the Autobahn test suite (https://github.com/crossbario/autobahn-testsuite): all 246
// of sections 1 to 7, with Autobahn's ids. In the place of section 9, which measures speed, there are
// eight cases about the length of messages, 9.L.1 to 9.L.8.
//
// Each case has a server and a network of its own, in virtual time: see package testclient. The
// client speaks raw frames, in one write, in one write for each frame, or in one for each byte.
//
//	func TestConformance(t *testing.T) {
//		conformance.Run(t, conformance.Subject{
//			Serve: func(w *testclient.World) http.Handler { return echo.New(w.Logger()) },
//			Path:  "/ws",
//		})
//	}
//
// The server sends each message back, or says in a [Dialect] how its answers are to be understood.
//
// # Results
//
// A case ends with one of four verdicts:
//
//   - [OK]: the server did what the RFC asks.
//   - [NonStrict]: the server did what it must, and not all that it should. It found bad UTF-8 only
//     at the end of the message, for example, or closed TCP without a close frame that says why.
//   - [Informational]: the RFC leaves it open. The result tells what the server did.
//   - [Failed]: the result tells what passed over the wire, and what the RFC asks.
//
// A server that never lets virtual time go on ends the process, as in every test of testclient.
package conformance
