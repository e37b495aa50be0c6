package testclient_test

import (
	"context"
	"io"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "wsworkshop/pkg/testclient"
)

func TestProgramReadsAStream(t *testing.T) {
	Run(t, func(w *World) {
		link := w.Serve(streaming(ends, "data: one\n\n", "event: chat\nid: 7\ndata: two\n\n", "id: 8\nretry: 0\ndata: unfinished")).Link(As("page"))
		c, err := link.Events(w.Context(), "/events", Header("Last-Event-ID", "6"))
		require.NoError(w, err)
		var got []string
		for {
			m, err := c.Read()
			if err != nil {
				require.ErrorIs(w, err, io.EOF)
				break
			}
			got = append(got, m.Event+"|"+m.Text()+"|"+m.EventID)
		}
		require.Equal(w, []string{"|one|6", "chat|two|7"}, got)
		id, after := c.Reconnection()
		require.Equal(w, "7", id)
		require.Equal(w, time.Duration(0), after)
		require.Panics(w, func() { c.Next() })
		require.Equal(w, []time.Duration{0}, link.Streams())
		require.Empty(w, link.Dials())
		require.Equal(w, ""+
			"     0s  page ──▶ GET /events ◀── 200\n"+
			"     0s  page ◀── event \"one\"\n"+
			"     0s  page ◀── event chat \"two\"\n"+
			"     0s  page ◀── retry 0s\n"+
			"     0s  page ◀── (the stream ends)\n", Timeline(w))
	})
}

func TestStreamThatSetsNoReconnectionTime(t *testing.T) {
	Run(t, func(w *World) {
		link := w.Serve(streaming(ends)).Link()
		c, err := link.Events(w.Context(), "/events")
		require.NoError(w, err)
		_, err = c.Read()
		require.ErrorIs(w, err, io.EOF)
		id, after := c.Reconnection()
		require.Empty(w, id)
		require.Negative(w, after)
		require.Zero(w, c.Retry())
	})
}

func TestLinkHurtsAStream(t *testing.T) {
	Run(t, func(w *World) {
		link := w.Serve(streaming(stays, "data: one\n\n")).Link(As("page"))
		c, err := link.Events(w.Context(), "/events")
		require.NoError(w, err)
		_, err = c.Read()
		require.NoError(w, err)
		link.Cut()
		_, err = c.Read()
		require.ErrorIs(w, err, io.EOF)
		require.True(w, c.BrokenOff())
		link.Down(true)
		_, err = link.Events(w.Context(), "/events")
		require.ErrorIs(w, err, syscall.ECONNREFUSED)
		require.Len(w, link.Streams(), 2)
	})
}

// TestStreamIsRefused has answers without an end, whose bodies nobody waits for.
func TestStreamIsRefused(t *testing.T) {
	for want, status := range map[string]int{
		"no event stream: GET /events was refused with 204 No Content":          http.StatusNoContent,
		"no event stream: GET /events was refused with 503 Service Unavailable": http.StatusServiceUnavailable,
		"no event stream: GET /events was refused with 200 OK":                  http.StatusOK,
	} {
		Run(t, func(w *World) {
			_, err := w.Serve(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				rw.Header().Set("Content-Type", "text/plain")
				rw.WriteHeader(status)
				flush(rw)
				stays(rw, r)
			})).Link().Events(w.Context(), "/events")
			require.EqualError(w, err, want)
			var refused *RefusedError
			require.ErrorAs(w, err, &refused)
			require.Equal(w, status, refused.Response.Status)
			require.Zero(w, w.Elapsed())
		})
	}
}

func TestProgramGivesUpOnAStream(t *testing.T) {
	Run(t, func(w *World) {
		link := w.Serve(http.HandlerFunc(stays)).Link()
		ctx, cancel := context.WithTimeout(w.Context(), 20*time.Second)
		defer cancel()
		_, err := link.Events(ctx, "/events")
		require.Error(w, err)
		require.Equal(w, 20*time.Second, w.Elapsed())
	})
}
