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
	f := s.hub.fitness()
	// task 12.9: A server that fails is degraded, unless it is draining anyway.
	if s.failing.isOn(s.metrics.FailuresLately) {
		f.Reasons = append(f.Reasons, ReasonFailing)
		if f.Status == Healthy {
			f.Status = Degraded
		}
	}
	// end task 12.9
	f.Ready = len(f.Reasons) == 0
	return f
}

// fitness tells how many are here, and what that means.
func (h *hub) fitness() Fitness {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := Fitness{Status: Healthy, Reasons: []string{}, Connections: h.admitted}
	// task 12.9: A server may be full, and draining.
	if isNear(h.admitted, h.full.begins) {
		f.Status = Degraded
	}
	if h.full.on {
		f.Reasons = append(f.Reasons, ReasonFull)
	}
	if h.state.shut {
		f.Status = Draining
		f.Reasons = append(f.Reasons, ReasonDraining)
	}
	// end task 12.9
	return f
}
