package chat

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed web
var web embed.FS

// page serves the files of web/ from the program itself: index.html at /, chat.js at /chat.js.
func page() http.Handler {
	// task 1.6: Serve the files below web/, which //go:embed has put into the variable web.
	files, err := fs.Sub(web, "web")
	if err != nil {
		panic(err) // only for a malformed path
	}
	return http.FileServerFS(files)
	// end task 1.6
}
