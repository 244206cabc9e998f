// Package guides_test keeps the pages of the guides, and the checklists of the programs
// beside them, in step with the code that they name.
package guides_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// names are what a directory's files declare: functions, types, values, and methods and
// fields as "type.name".
type names map[string]bool

// parse returns the comment of the package in a directory, and what its files declare.
func parse(t *testing.T, dir string) (comment string, declared names) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	declared = make(names)
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		require.NoError(t, err)
		if file.Doc != nil && !strings.HasSuffix(path, "_test.go") {
			comment += file.Doc.Text()
		}
		for _, d := range file.Decls {
			declared.add(d)
		}
	}
	return comment, declared
}

func (n names) add(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		n[d.Name.Name] = true
		if d.Recv != nil {
			n[typeName(d.Recv.List[0].Type)+"."+d.Name.Name] = true
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				n.addType(s)
			case *ast.ValueSpec:
				for _, id := range s.Names {
					n[id.Name] = true
				}
			}
		}
	}
}

func (n names) addType(s *ast.TypeSpec) {
	n[s.Name.Name] = true
	fields, ok := s.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range fields.Fields.List {
		for _, id := range f.Names {
			n[s.Name.Name+"."+id.Name] = true
		}
	}
}

func typeName(x ast.Expr) string {
	if star, ok := x.(*ast.StarExpr); ok {
		x = star.X
	}
	return x.(*ast.Ident).Name
}

var example = regexp.MustCompile(`\bExample_\w+`)

// Nothing on a page is unproven, and no proof is passed over.
func TestEveryGuideNamesItsExamplesAndNoOthers(t *testing.T) {
	t.Parallel()
	for _, guide := range []string{"plan", "holds", "invoices", "migrate", "production", "scale"} {
		page, declared := parse(t, guide)
		var examples []string
		for name := range maps.Keys(declared) {
			if example.MatchString(name) {
				examples = append(examples, name)
			}
		}
		named := example.FindAllString(page, -1)
		slices.Sort(named)
		slices.Sort(examples)
		require.Equal(t, examples, slices.Compact(named), guide)
	}
}

// In a checklist, code is "type.method", or a name with a capital in it.
var code = regexp.MustCompile(`\b[a-z]\w*\.[a-z]\w*\b|\b[a-z]+[A-Z]\w*\b`)

func TestEveryChecklistNamesCodeThatIsThere(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"sitebuilder", "agencyportal", "crm", "reseller", "usagebilling"} {
		comment, declared := parse(t, filepath.Join("..", program))
		found := code.FindAllString(comment, -1)
		require.NotEmpty(t, found, program)
		for _, name := range found {
			if strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".go") {
				_, err := os.Stat(filepath.Join("..", program, name))
				require.NoError(t, err, "%s names a file that is not there", program)
				continue
			}
			require.True(t, declared[name], "%s names %s, which is not there", program, name)
		}
	}
}
