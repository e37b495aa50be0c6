// Package deploy has the files with which the server runs on a machine of its own. README.md says how.
package deploy

import "embed"

// Files are those files.
//
//go:embed nginx.conf haproxy.cfg chat@.service Dockerfile compose.yaml
var Files embed.FS
