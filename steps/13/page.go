package chat

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"
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
	return http.FileServerFS(public{files})
	// end task 1.6
}

// public is what everybody may have of web/: all but the dashboard, which is for Admin alone. A path may
// be written in many ways, a name in one.
type public struct{ fs.FS }

// Open implements fs.FS.
func (p public) Open(name string) (fs.File, error) {
	if name == "admin" || strings.HasPrefix(name, "admin/") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return p.FS.Open(name)
}
