package certs

import (
	"time"
)

// again is how often a certificate that expires is told of.
const again = 24 * time.Hour

// warn tells that the certificate should have been replaced by now.
func (f *Files) warn() {
	// TODO(13.4): The last quarter of its life is worth a warning a day. Its end is an error, at once and each day.
	// placeholder
}
