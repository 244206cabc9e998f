package invoice

import (
	_ "embed" // for the page
	"html/template"
	"io"
)

//go:embed page.html
var pageHTML string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// WriteHTML writes d as a page that needs no other file and runs no script. What a
// customer's name or an item's says is text, whatever it looks like.
func (d Document) WriteHTML(w io.Writer) error { return pageTemplate.Execute(w, d.page()) }
