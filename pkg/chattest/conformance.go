package chattest

import (
	"encoding/json"
	"net/http"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testclient/conformance"
)

// Conformance is a chat server as package conformance asks it. The client talks to its room, which
// sends each message back to it. A text that is no JSON is answered with an error. From step 08 on
// binary messages are closed with 1003, and texts of more than maxMessage bytes with 1009.
//
// serve starts a server with neither heartbeats nor a rate limit.
func Conformance(serve func(w *testclient.World) http.Handler, maxMessage int) conformance.Subject {
	return conformance.Subject{
		Serve:      serve,
		Path:       Path("ana", "lobby"),
		Dialect:    &conformance.Dialect{Before: `{"type":"message","data":"`, After: `"}`, Answers: answersTalk, Skips: isNoTalk},
		TextOnly:   true,
		MaxMessage: maxMessage,
	}
}

// talk is what counts of a message here.
type talk struct {
	Type string `json:"type"`
	Data any    `json:"data"`
}

func answersTalk(sent, got []byte) bool {
	var s, g talk
	if json.Unmarshal(got, &g) != nil {
		return false
	}
	if json.Unmarshal(sent, &s) != nil {
		return g.Type == "error"
	}
	return g.Type == "message" && g.Data == s.Data
}

// isNoTalk finds welcomes, notices and heartbeats.
func isNoTalk(got []byte) bool {
	var g talk
	return json.Unmarshal(got, &g) == nil && g.Type != "message" && g.Type != "error"
}
