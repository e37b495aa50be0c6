package certs

import (
	"context"
	"log/slog"
	"time"
)

// again is how often a certificate that expires is told of.
const again = 24 * time.Hour

// warn tells that the certificate should have been replaced by now.
func (f *Files) warn() {
	// task 13.4: The last quarter of its life is worth a warning a day. Its end is an error, at once and each day.
	//- // placeholder
	now, leaf := time.Now(), f.current.Load().Leaf
	left, life := leaf.NotAfter.Sub(now), leaf.NotAfter.Sub(leaf.NotBefore)
	if left > life/4 {
		return
	}
	level := slog.LevelWarn
	if left < 0 {
		level = slog.LevelError
	}
	if level == f.told.level && now.Sub(f.told.at) < again {
		return
	}
	f.told.level, f.told.at = level, now
	f.log.Log(context.Background(), level, "certificate expires", "cert_file", f.certFile, "not_after", leaf.NotAfter)
	// end task 13.4
}
