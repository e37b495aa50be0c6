package chat

import (
	"embed"
	"net/http"
)

//go:embed web
var web embed.FS

// page serves the files of web/ from the program itself: index.html at /, chat.js at /chat.js.
func page() http.Handler {
	// TODO(1.6): Serve the files below web/, which //go:embed has put into the variable web.
	return http.NotFoundHandler()
}
