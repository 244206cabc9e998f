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
//
// It is an error wrapping [ledger.ErrInvalid] if d's zone is not known.
func (d Document) WriteHTML(w io.Writer) error {
	p, err := d.page()
	if err != nil {
		return err
	}
	return pageTemplate.Execute(w, p)
}
