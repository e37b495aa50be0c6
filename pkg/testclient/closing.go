package testclient

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"
)

// Codes that stand for what is not on the wire (RFC 6455, section 7.4.1).
const (
	codeNone     = 1005 // a close frame without a code
	codeAbnormal = 1006 // no close frame
)

// closeNames are the registered codes (RFC 6455, sections 7.4.1 and 11.7).
var closeNames = map[int]string{
	1000: "normal closure", 1001: "going away", 1002: "protocol error", 1003: "unsupported data",
	1005: "no code", 1006: "no close frame", 1007: "invalid payload", 1008: "policy violation",
	1009: "message too big", 1010: "extension missing", 1011: "internal error", 1012: "service restart",
	1013: "try again later", 1014: "bad gateway",
}

// CloseInfo is the server's close frame.
type CloseInfo struct {
	Code   int // 1005 if the frame has none
	Reason string
	At     time.Duration // when it arrived, since the test began
}

// String returns `close 1001 (going away) "bye"`.
func (i CloseInfo) String() string {
	s := "close " + codeName(i.Code)
	if i.Reason != "" {
		s += " " + showText([]byte(i.Reason))
	}
	return s
}

func codeName(code int) string {
	if name := closeNames[code]; name != "" {
		return fmt.Sprintf("%d (%s)", code, name)
	}
	return fmt.Sprint(code)
}

func codeNames(codes []int) string {
	var names []string
	for _, c := range codes {
		names = append(names, codeName(c))
	}
	return strings.Join(names, " or ")
}

// parseClose reads a close frame's payload (RFC 6455, sections 5.5.1 and 7.4).
func parseClose(b []byte) (CloseInfo, error) {
	if len(b) == 0 {
		return CloseInfo{Code: codeNone}, nil
	}
	if len(b) == 1 {
		return CloseInfo{}, &violation{"a close frame with half a code", "5.5.1"}
	}
	info := CloseInfo{Code: int(binary.BigEndian.Uint16(b)), Reason: string(b[2:])}
	switch c := info.Code; {
	case c == 1005 || c == 1006 || c == 1015:
		return info, &violation{fmt.Sprintf("a close frame with %s, which must not go over the wire", codeName(c)), "7.4.1"}
	case c < 1000 || c == 1004 || c > 1014 && c < 3000 || c > 4999:
		return info, &violation{fmt.Sprintf("a close frame with %d, which is no code to send", c), "7.4.2"}
	case !utf8.ValidString(info.Reason):
		return info, &violation{"a close reason that is not UTF-8", "5.5.1"}
	}
	return info, nil
}

// explain1006 goes with each failure where TCP ended alone.
const explain1006 = "\nA browser calls this 1006: the server dropped TCP without a close frame " +
	"(RFC 6455, section 7.1.5)."

// ExpectClose waits for the server's close frame, passing over what comes before, and fails
// the test if its code is none of codes. Without codes any will do; 1006 stands for an end
// without a close frame.
func (c *Client) ExpectClose(codes ...int) CloseInfo {
	c.mustSocket("ExpectClose")
	c.w.checkStopped()
	c.w.wait(&c.inbox, c.patience, func() bool { return c.closing != nil || c.over })
	want := "closed"
	if len(codes) > 0 {
		want = "closed with " + codeNames(codes)
	}
	info, over := c.state()
	switch {
	case info != nil && len(codes) > 0 && !slices.Contains(codes, info.Code):
		c.wrong(nil, "%s was %s, want %s.%s", c.name, closedWith(*info), codeNames(codes), noCode(*info))
	case info != nil:
		return *info
	case over && slices.Contains(codes, codeAbnormal):
		return CloseInfo{Code: codeAbnormal, At: c.w.Elapsed()}
	case over:
		c.wrong(nil, "%s should have been %s; the connection ended without a close frame.%s", c.name, want, explain1006)
	}
	c.lacks("%s should have been %s within %v; the connection is still open.", c.name, want, c.patience)
	return CloseInfo{}
}

func noCode(i CloseInfo) string {
	if i.Code != codeNone {
		return ""
	}
	return "\nThe close frame is empty; websocket.FormatCloseMessage makes one with a code."
}

func closedWith(i CloseInfo) string { return strings.Replace(i.String(), "close ", "closed with ", 1) }

// ExpectEnd waits for the end of the connection, with a close frame or without, passing over
// what comes before. Of an event stream it takes any end.
func (c *Client) ExpectEnd() {
	c.w.checkStopped()
	if !c.w.wait(&c.inbox, c.patience, func() bool { return c.closing != nil || c.over }) {
		c.lacks("the server should have ended %s's connection within %v; it is still open.", c.name, c.patience)
	}
}

// ServerHungUp waits until the server has closed its end of TCP; otherwise it leaks a socket.
// This is seen whatever became of the client's own end.
func (c *Client) ServerHungUp(within time.Duration) {
	c.w.checkStopped()
	out := c.tcp.raw.out
	if !c.w.wait(&out.condition, within, func() bool { raceGot(unsafe.Pointer(&out.seen)); return out.gone }) {
		c.lacks("the server should have closed its end of %s's connection within %v; it is still open.\n"+
			"A socket leaks: close the connection on every way out.", c.name, within)
	}
}

// HasServerHungUp tells whether the server has closed its end of TCP by now. Call
// [World.Settle] first to let it finish what it is doing. [Client.ServerHungUp] waits for
// the end, and fails the test without it.
func (c *Client) HasServerHungUp() bool {
	out := c.tcp.raw.out
	out.mu.Lock()
	defer out.mu.Unlock()
	raceGot(unsafe.Pointer(&out.seen))
	return out.gone
}

// state returns the server's close frame and whether the connection is over.
func (c *Client) state() (*CloseInfo, bool) {
	c.inbox.mu.Lock()
	defer c.inbox.mu.Unlock()
	return c.closing, c.over
}
