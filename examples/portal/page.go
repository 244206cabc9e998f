package main

import (
	"bytes"
	"crypto/rand"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static
var staticFiles embed.FS

// pages are the templates by their names, each within the layout.
var pages = parsePages()

func parsePages() map[string]*template.Template {
	layout := template.Must(template.New("layout.html").Funcs(template.FuncMap{
		"number": number, "money": money, "signed": signed, "credits": credits, "newKey": rand.Text, "grantName": grantName,
		"skipped": func(s ledger.Skip) string { return skips[s] }, "agency": func() string { return agency },
	}).ParseFS(templateFiles, "templates/layout.html", "templates/parts.html"))
	files, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		panic(err) // the pattern is wrong
	}
	all := map[string]*template.Template{}
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".html")
		all[name] = template.Must(template.Must(layout.Clone()).ParseFS(templateFiles, file))
	}
	return all
}

// A frame is what every page has, around what is its own.
type frame struct {
	visit
	Title string
	Page  any

	Links  []link // at the top; set by render
	AtDesk bool   // it is one of the staff's pages about an organization; set by render
}

// Date returns the day of t as people in the organization write it.
func (f frame) Date(t time.Time) string { return t.In(f.Org.location()).Format("2 Jan 2006") }

// Time returns t as people in the organization write it.
func (f frame) Time(t time.Time) string { return t.In(f.Org.location()).Format("2 Jan 2006, 15:04") }

// In returns the address of a page of the organization.
func (f frame) In(page string) string { return strings.TrimSuffix("/o/"+f.Org.ID+"/"+page, "/") }

// Desk returns the address of a page of the staff's about the organization.
func (f frame) Desk(page string) string { return strings.TrimSuffix("/staff/"+f.Org.ID+"/"+page, "/") }

// Line returns the address of an entry of the organization's journal: what explains it
// to the staff, or its receipt.
func (f frame) Line(seq int64) string {
	if f.AtDesk {
		return f.Desk(fmt.Sprintf("entries/%d", seq))
	}
	return f.In(fmt.Sprintf("history/%d", seq))
}

// render writes a page. Nothing is written if its template fails.
func (p *portal) render(w http.ResponseWriter, status int, f frame, name string) error {
	f.Links, f.AtDesk = links(f, name), slices.Contains(deskPages, name)
	var page bytes.Buffer
	if err := pages[name].Execute(&page, f); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w) // the browser has gone
	return nil
}

// show writes a page of the visit v.
func (p *portal) show(w http.ResponseWriter, v visit, title, name string, page any) error {
	return p.render(w, http.StatusOK, frame{visit: v, Title: title, Page: page}, name)
}
