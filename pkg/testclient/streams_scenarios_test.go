package testclient_test

import (
	"net/http"
	"time"

	. "wsworkshop/pkg/testclient"
)

// streams are failures of event streams; see scenarios_test.go.
var streams = []scenario{
	{"events-404", func(w *World) { events(w, http.NotFoundHandler()) }},
	{"events-200", func(w *World) {
		events(w, http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte("data: x\n\n")) }))
	}},
	{"events-unflushed", func(w *World) {
		events(w, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Content-Type", "text/event-stream")
			rw.WriteHeader(http.StatusOK)
			<-r.Context().Done()
		}))
	}},
	{"events-missing", func(w *World) { events(w, streaming(stays)).ExpectText("hello") }},
	{"events-unfinished", func(w *World) { events(w, streaming(stays, "data: hello\n")).ExpectText("hello") }},
	{"events-no-field", func(w *World) {
		events(w, streaming(stays, "retry: 2000\n: hi\ndata: {\n\"a\":1}\n\n")).ExpectText(`{"a":1}`)
	}},
	{"events-wrong", func(w *World) {
		events(w, streaming(stays, "event: close\nid: 7\ndata: {\"code\":1001}\n\n")).ExpectText("hello")
	}},
	{"events-named", func(w *World) { events(w, streaming(stays, "event: chat\ndata: hello\n\n")).ExpectText("hello") }},
	{"events-ended", func(w *World) { events(w, streaming(ends, "data: x\n\n")).Await("hello", isText("hello")) }},
	{"events-ended-unfinished", func(w *World) { events(w, streaming(ends, "data: hello\n")).ExpectText("hello") }},
	{"events-broken", func(w *World) { events(w, streaming(breaksOff)).ExpectText("hello") }},
	{"events-silence-ended", func(w *World) { events(w, streaming(ends)).Silence(time.Second) }},
	{"events-end-missing", func(w *World) { events(w, streaming(stays)).ExpectStreamEnd() }},
	{"events-end-not-yet", func(w *World) { events(w, streaming(ends, "data: x\n\n")).ExpectStreamEnd() }},
	{"events-end-broken", func(w *World) { events(w, streaming(breaksOff)).ExpectStreamEnd() }},
	{"events-end-own", func(w *World) {
		c := events(w, streaming(stays))
		c.Cut()
		c.ExpectText("hello")
	}},
	{"events-log-tells-end", func(w *World) {
		s := w.Serve(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				streaming(ends).ServeHTTP(rw, r)
				w.Logger().Info("client left", "remote", r.RemoteAddr, "reason", "too slow")
			}
		}))
		c := s.Events("/events", As("ana"))
		c.ExpectEnd()
		s.Get("/events", As("ana"), Method("POST"))
		c.ExpectText("hello")
	}},
	{"post-timeline", func(w *World) {
		s := w.Serve(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusNoContent) }))
		_ = s.Get("/events/ana", As("ana"), Method("POST"), Body(`{"type":"message","data":"hi"}`)).JSON(&struct{}{})
	}},
}
