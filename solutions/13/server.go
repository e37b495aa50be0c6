// Package chat is the server that grows through the workshop. Its clients are in
// rooms, speak JSON, and hear what is said in theirs.
//
// The life of a connection, in its goroutines, from top to bottom:
//
//	serveWS, serveStream: gate, admit
//	   │
//	   ▼ hearing             writing                  closing
//	serveClient
//	hub.join ──────────────▶ writePump: backlog,
//	readPump, or waitFor:    outbox ─▶ transport
//	socket ─▶ hear              │
//	  ─▶ receive ─▶ hub         │
//	  ─▶ outboxes               │
//	   │                        │
//	   └─── hangUp(ending), by a goroutine that ends, by one that panics, or by the hub
//	   │                        │
//	   │                     the rest of the          ctx ends: drops
//	   │                     outbox, the end          TCP when the
//	reads on until              │                     time is up
//	the client's                │                        │
//	close frame                 │                        │
//	waits for both ◀────────────┴────────────────────────┘
//	closes the transport
//	hub.leave, dismiss
//
// A POST of a client that has an event stream is heard in the goroutine of its request.
package chat

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/solutions/13/auth"
	"wsworkshop/solutions/13/metrics"
)

// Server is an http.Handler with a WebSocket endpoint at /ws/{client_id}, event streams at
// /events/{client_id}, lists of who is here at /rooms and a page at /.
// It is safe for concurrent use.
type Server struct {
	cfg      Config
	log      *slog.Logger
	mux      *http.ServeMux
	handler  http.Handler // mux, observed
	upgrader websocket.Upgrader
	hub      *hub
	metrics  *metrics.Metrics
	failing  failing
	crowd    *crowd
	tickets  *auth.Tickets

	ended context.Context // ends when Close is called
	end   context.CancelFunc

	rate       *Limiter // of what clients send
	complaints *Limiter // of what they are told about that
	controls   *Limiter // of pings, and of answers that nobody has asked for
	bad        *Limiter // of bad messages
	attempts   *Limiter // to connect, by address
	resumes    *Limiter // the same, of clients that come back
	reads      *Limiter // of the lists of rooms, by address
}

// handshakeTimeout bounds a handshake where nothing else does: Close waits for it.
const handshakeTimeout = time.Minute

// New returns a server, or an error that names the field of cfg that is out of range.
// Close ends it.
func New(cfg Config) (*Server, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	s := &Server{
		cfg: cfg,
		log: cfg.logger(),
		mux: http.NewServeMux(),
		upgrader: websocket.Upgrader{
			HandshakeTimeout: cmp.Or(cfg.WriteTimeout, handshakeTimeout),
			// task 11.8: gate has checked the origin. The default would compare hosts alone.
			CheckOrigin: func(*http.Request) bool { return true },
			// end task 11.8
			ReadBufferSize:  1024,
			WriteBufferPool: &sync.Pool{}, // a client that is sent nothing needs no buffer
		},
		hub:     newHub(cfg),
		metrics: metrics.New(cfg.recentSize(), cfg.RecentFor),
		failing: newFailing(cfg.MaxFailures),
		crowd:   newCrowd(cfg),
		tickets: auth.NewTickets(),

		rate:       NewLimiter(cfg.RateLimit, cfg.RateWindow),
		complaints: NewLimiter(cfg.RateLimit, cfg.RateWindow),
		controls:   NewLimiter(cfg.RateLimit, cfg.RateWindow),
		bad:        NewLimiter(cfg.MaxBadMessages, badWindow),
		attempts:   NewLimiter(cfg.AttemptLimit, cfg.AttemptWindow),
		resumes:    NewLimiter(cfg.AttemptLimit*resumeShare, cfg.AttemptWindow),
		reads:      NewLimiter(cfg.AttemptLimit*resumeShare, cfg.AttemptWindow),
	}
	s.mux.HandleFunc("GET /ws/{client_id}", s.serveWS)
	s.mux.HandleFunc("GET /events/{client_id}", s.serveStream)
	s.mux.HandleFunc("POST /events/{client_id}", s.servePost)
	s.mux.HandleFunc("OPTIONS /events/{client_id}", s.servePreflight)
	s.mux.HandleFunc("OPTIONS /ticket", s.servePreflight)
	s.mux.HandleFunc("POST /ticket", s.serveTicket)
	s.mux.HandleFunc("GET /ready", s.serveReady)
	s.mux.HandleFunc("GET /readyz", s.serveReady)
	s.mux.HandleFunc("GET /livez", s.serveLive)
	s.mux.HandleFunc("GET /health", s.serveHealth)
	s.mux.HandleFunc("GET /rooms", s.serveRooms)
	s.mux.HandleFunc("GET /rooms/{room_id}", s.serveRoom)
	s.mux.Handle("GET /", page())
	s.upgrader.Error = s.answerRefused
	s.hub.failed = s.failed
	s.handler = s.metrics.Observe(s.mux, isConnection)
	s.addGauges()
	s.ended, s.end = context.WithCancel(context.Background())
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.demandTLS(w, r)
	shield(w.Header())
	s.handler.ServeHTTP(w, r)
}

// Close ends every connection with 1001, all at the same time, and waits until they have ended: for
// CloseTimeout at most, and ShutdownTimeout. Later clients are refused. It cuts short the stop of Serve,
// which then returns. Closing again does nothing; the error is always nil.
func (s *Server) Close() error {
	s.end()
	limit, cancel := s.shutdownLimit()
	defer cancel()
	s.hub.close(limit)
	return nil
}
