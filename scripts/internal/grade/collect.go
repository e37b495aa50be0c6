package grade

// collect keeps the outcomes of a process, and returns the test in which it died, if it did.
// Those that had not begun have none yet.
func (g *grading) collect(s *session, asked []string) (died string) {
	complete := !s.flooded && !s.late && (s.exit.Code == 0 || s.exit.Code == 1)
	for _, name := range asked {
		complete = complete && s.outcomes[name] != nil && s.outcomes[name].ended
	}
	if !complete {
		died = s.blame(asked)
	}
	for _, name := range asked {
		if o := s.outcomes[name]; o != nil {
			g.outcomes[name] = o
		}
	}
	return died
}

// blame gives the last test of a dead process the fault; if none had begun, all those that
// were to run have it. It returns the first that it blames.
func (s *session) blame(asked []string) string {
	how := exited
	switch {
	case s.flooded:
		how = flooded
	case s.late:
		how = stopped
	}
	if o := s.last(); o != nil {
		o.died = how
		return o.test
	}
	for _, name := range asked {
		s.outcomes[name] = &outcome{test: name, died: how, output: s.loose}
	}
	return asked[0]
}

// giveUp fails the tests for which there is no time any more because another hung, if it is
// known which.
func (g *grading) giveUp(tests []string, hung string) {
	for _, name := range tests {
		g.outcomes[name] = &outcome{test: name, died: skipped, hung: hung}
	}
}
