// Package testclient tests servers of WebSockets and of event streams, in virtual time and over a
// network in memory.
//
// A test that waits for a heartbeat of thirty seconds takes a millisecond, and takes it to
// be exact. A client can stall, vanish without a word or send what no sound client would.
// When an expectation is not met, the test says what went over the wire, and when:
//
//	ana should have got "bob: hi" within 1s; nothing came.
//
//	     0s  ana ──▶ GET /ws?name=ana ◀── 101
//	     0s  bob ──▶ GET /ws?name=bob ◀── 101
//	     0s  ana ◀── "* bob joined"
//	     0s  bob ──▶ "hi"
//	     0s  bob ◀── "bob: hi"
//	     1s  ana     (silence)
//
// # A test
//
// [Run] gives a test a [World]: a network, a clock and a record of events. [World.Serve]
// puts any [http.Handler] on the network, [Server.Dial] connects a [Client] to it, and the
// client's methods say what must happen:
//
//	func TestEverybodyHears(t *testing.T) {
//		testclient.Run(t, func(w *testclient.World) {
//			s := w.Serve(chat.NewServer(w.Logger()))
//			ana := s.Dial("/ws?name=ana", testclient.As("ana"))
//			bob := s.Dial("/ws?name=bob", testclient.As("bob"))
//			ana.ExpectText("* bob joined")
//			bob.Send("hi")
//			ana.ExpectText("bob: hi")
//			bob.Cut()
//			ana.ExpectText("* bob left")
//			ana.Silence(time.Hour)
//		})
//	}
//
// A World is what testify asks for in place of a testing.T: require.Equal(w, want, got)
// fails with the timeline, too.
//
// # Virtual time
//
// The test, the server and the clients run in a bubble of [testing/synctest]. Time stands
// still while anything runs and jumps to the next timer when everything waits, so the
// server uses time.Now, tickers and deadlines as it does in life, and the test asserts them
// exactly. It begins at midnight UTC, 2000-01-01: certificates and tokens that were made
// outside are from the future.
//
// Expectations are patient for a second of that time; [Client.Within] says otherwise. At
// the end of their patience they let everything happen that is due at that very moment and
// look once more, so that a message that comes exactly in time is in time, every time.
// What the server does at one instant it may do in any order: do not assert at the instant
// of a timer that something has not happened yet.
//
// What is outside of the bubble stops its clock. No real sockets, files that are watched,
// processes or DNS look-ups: the network's addresses are IP addresses of documentation. No
// channels or timers at package level.
//
// And no waiting for a [sync.Mutex] while time must pass: a lock held during a write with a
// deadline is sound, but synctest does not count the one who waits for the lock as waiting.
// Where your code does that, build the test with the package testclient/sync in place of
// sync: the command testclient-overlay makes the file for go test -overlay. README.md shows
// how.
//
// # A network that can be hurt
//
// Each connection has a buffer (see [Buffer]) and perhaps a delay ([Latency]).
// [Client.Stall] stops reading, so that the server's writes wait once the buffer is full;
// [Client.BlackHole] swallows everything both ways without an end ever being seen, until
// [Client.Heal]; [Client.SetLatency] changes the delay; [Client.Cut] ends TCP without a close
// frame, and [Client.Reset] with a reset. [Client.ServerHungUp] expects the server to let go of
// its socket, [Client.HasServerHungUp] asks whether it has, and [Client.Writes] how often it wrote.
//
// # A client that can misbehave
//
// The client speaks RFC 6455 with a codec of its own. [Client.SendFrame] and
// [Client.SendRaw] send fragments, unmasked frames, reserved bits, invalid UTF-8 or
// garbage. [Method], [Body] and [HTTP10] break the handshake itself. What the server sends is
// checked: a violation fails the test and names the section. Pings are answered, unless
// [NoAutoPong] says no, and close frames echoed. [World.OnText] gives all clients further
// manners, such as those of your protocol.
//
// Package conformance, below this one, asks a server all cases of the Autobahn test suite.
//
// # Event streams
//
// [Server.Events] connects a client that reads server-sent events. It has the expectations and
// faults of a client with a WebSocket, and [Client.ExpectStreamEnd]: a failure tells a stream
// that ended in order from one that broke off. The client sends nothing on its stream. It makes
// requests of its own: [Server.Get] with [Method] and [Body].
//
// # Programs that connect by themselves
//
// A client under test has its own way to the server: [Server.Link] gives it a dialer, counts
// how often and when it connects, and can cut, stall or swallow its connection, or close the
// server's port. What passes is in the timeline. A package that runs a program of another
// kind, as testpage runs a page's script, connects with [Link.WebSocket] or [Link.Events], reads
// with [Client.Read], and tells what is wrong with the program by package program.
//
// # Races
//
// Run tests with -race. The network's own locks are hidden from the race detector: two
// handlers that use the same memory are in no order but the one that they would have in
// life, and a race between them is seen at once, not in one run of a hundred. [World.Rush]
// has many clients arrive at one instant.
//
// # What fails a test besides its expectations
//
//   - A panic in a handler, which net/http would have hidden.
//   - A goroutine that is still there when the clients, the server (Close, if it has one)
//     and a minute have gone. The failure names it, where it waits and who started it.
//   - A stop that never returns ([World.Returns] and the end of each test): one virtual
//     minute.
//   - A freeze: virtual time that cannot move on. A watchdog outside of the bubble tells
//     which kind it is (a lock held across blocking work, something made at package level,
//     a busy loop, the real world), names the line and ends the process with status 66,
//     since nothing else would. [WithoutWatchdog] keeps it away, and so does
//     WSWORKSHOP_WATCHDOG=off in the environment, while you debug.
//
// The first failure decides; what it brings about later is not told. [Try] returns it to a
// test that searches for failures, instead of failing that test.
//
// Where something has not come, a failure tells what waits in the server: the call that holds
// a lock which others wait for, what it waits for itself, and the client whose network takes
// no more. Holders are known for the locks of package sync below. Where a connection has ended,
// its timeline has the latest record of [World.Logger] that has the client's address and a reason.
//
// # For programs that read the results
//
// With WSWORKSHOP_GRADER=1 in the environment a failure is not text but a test attribute,
// workshop.failure, which arrives in go test -json as an event with Action "attr". Its value
// is a JSON object with verdict ("wrong", "panic", "leak" or "frozen"), message, timeline,
// file and line of the test, at: the frames of the code under test that are to blame,
// innermost first, look: the index in at of the frame to look at first, if that is not 0, and
// late: true if the test itself was over by then. The virtual time
// that a test took is in the attribute workshop.virtual, with or without that variable.
package testclient
