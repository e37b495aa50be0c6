package chat

// Status says how a server is.
type Status string

// The statuses.
const (
	Healthy  Status = "healthy"
	Degraded Status = "degraded" // it serves, and something should be done
	Draining Status = "draining" // it is about to stop
)

// Reasons why a server should get no new clients.
const (
	ReasonDraining = "draining"
	ReasonFull     = "full"
	ReasonFailing  = "failing"
)

// Fitness is how fit a server is to serve.
type Fitness struct {
	Status      Status   `json:"status"`
	Ready       bool     `json:"ready"`   // for new clients
	Reasons     []string `json:"reasons"` // why not; empty if it is
	Connections int      `json:"connections"`
}

// fitness tells how fit the server is now.
func (s *Server) fitness() Fitness {
	f := Fitness{Status: Healthy, Reasons: []string{}, Connections: s.metrics.Connections()}
	// task 12.9: There may be several reasons at the same time. See s.crowd, s.failing and s.hub.
	clients, full := s.crowd.size()
	failing := s.failing.isOn(s.metrics.FailuresLately)
	if full {
		f.Reasons = append(f.Reasons, ReasonFull)
	}
	if failing {
		f.Reasons = append(f.Reasons, ReasonFailing)
	}
	if full || failing || isNear(clients, s.cfg.MaxConnections) {
		f.Status = Degraded
	}
	if s.hub.isShut() {
		f.Status = Draining
		f.Reasons = append(f.Reasons, ReasonDraining)
	}
	// end task 12.9
	f.Ready = len(f.Reasons) == 0
	return f
}
