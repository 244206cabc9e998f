package report

import (
	"bufio"
	"context"
	"encoding"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"reflect"
	"strings"

	"github.com/scrip-go/scrip/ledger"
)

// Rows returns the rows of a report as those of a streamed one, for [CSV] and
// [JSONLines].
func Rows[R any](rows []R) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// JSONLines writes rows to w, a line of JSON each, while they come. It returns the
// first error of either.
func JSONLines[R any](w io.Writer, rows iter.Seq2[R, error]) error {
	out := bufio.NewWriter(w)
	encoder := json.NewEncoder(out)
	for r, err := range rows {
		if err != nil {
			return err
		}
		if err := encoder.Encode(r); err != nil {
			return err
		}
	}
	return out.Flush()
}

// Journal writes the journals of the wallets that q names to w, wallet by wallet, a
// line of JSON each entry: the very bytes whose SHA-256 is the entry's hash, so that
// whoever has the file can verify it.
func Journal(ctx context.Context, books *ledger.Ledger, q Query, w io.Writer) error {
	out := bufio.NewWriter(w)
	for wallet, err := range q.wallets(ctx, books) {
		if err != nil {
			return err
		}
		for e, err := range q.entries(ctx, books, &wallet) {
			if err != nil {
				return err
			}
			if q.has(e.EffectiveAt) {
				_, _ = out.Write(append(ledger.EncodeEntry(&e), '\n')) // Flush returns the first error
			}
		}
	}
	return out.Flush()
}

// CSV writes rows to w while they come, under a line of their fields' names. The
// fields of a row that are rows themselves stand side by side: "opening.credits". It
// returns the first error of either.
//
// A text that a spreadsheet would take for a formula gets an apostrophe before it.
func CSV[R any](w io.Writer, rows iter.Seq2[R, error]) error {
	out := csv.NewWriter(w)
	fields := fieldsOf(reflect.TypeFor[R](), "", nil)
	record := make([]string, len(fields))
	for i, f := range fields {
		record[i] = f.name
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for r, err := range rows {
		if err != nil {
			return err
		}
		row := reflect.ValueOf(r)
		for i, f := range fields {
			record[i] = cell(row.FieldByIndex(f.index))
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// A field is a column of a CSV file, and where its value stands in a row.
type field struct {
	name  string
	index []int
}

// fieldsOf returns the columns of a type of rows.
func fieldsOf(t reflect.Type, prefix string, index []int) []field {
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(index[:len(index):len(index)], i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Type.Kind() != reflect.Struct || isText(f.Type):
			fields = append(fields, field{prefix + name, at})
		case f.Anonymous:
			fields = append(fields, fieldsOf(f.Type, prefix, at)...)
		default:
			fields = append(fields, fieldsOf(f.Type, prefix+name+".", at)...)
		}
	}
	return fields
}

func isText(t reflect.Type) bool { return t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) }

// cell returns a value as CSV has it. A zero time is empty.
func cell(v reflect.Value) string {
	if z, ok := v.Interface().(interface{ IsZero() bool }); ok && z.IsZero() && v.Kind() == reflect.Struct {
		if _, number := v.Interface().(fmt.Stringer); number && v.Type().Name() == "Decimal" {
			return "0"
		}
		return ""
	}
	if m, ok := v.Interface().(encoding.TextMarshaler); ok {
		if text, err := m.MarshalText(); err == nil {
			return string(text)
		}
	}
	text := fmt.Sprint(v.Interface())
	if v.Kind() == reflect.String && text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
