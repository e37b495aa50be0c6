package client

// moving is what a client knows of its moves from one connection to another.
type moving struct {
	// TODO(10.7): Make before break.
}

// TODO(10.7): After a reconnect, open a second connection, and only then leave the first.
