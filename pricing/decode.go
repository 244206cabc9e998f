package pricing

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// maxNumber is how many bytes a decimal in a file may be written with. It is several times what
// the limits on amounts need.
const maxNumber = 100

// A decoder fills Go values from JSON more strictly than encoding/json does: it refuses unknown
// and repeated names, names in another case and null, and says where in the file they are.
type decoder struct {
	scanner
	fields map[reflect.Type]map[string]field // by JSON name
}

// A field is where a struct keeps what a file calls by a name.
type field struct {
	index []int  // as reflect.Value.FieldByIndex takes it
	bit   uint64 // of this field alone, among those of its struct
}

// decode fills v, which must point to a struct, from data, or returns an *InvalidError with position.
func decode(data []byte, v any) error {
	if err := wellFormed(data); err != nil {
		return err
	}
	d := &decoder{scanner: scanner{data: data}, fields: map[reflect.Type]map[string]field{}}
	if d.peek() != '{' {
		return locatedAt(data, d.pos, "file", "must be an object")
	}
	return d.value(reflect.ValueOf(v).Elem())
}

func (d *decoder) value(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Struct:
		if t := v.Type(); t == reflect.TypeFor[decimal.Decimal]() || t == reflect.TypeFor[time.Time]() {
			return d.leaf(v)
		}
		return d.object(v)
	case reflect.Slice:
		return d.list(v)
	case reflect.Map:
		return d.dictionary(v)
	}
	return d.leaf(v)
}

func (d *decoder) object(v reflect.Value) error {
	if err := d.open('{', "an object"); err != nil {
		return err
	}
	fields := d.fieldsOf(v.Type())
	seen := uint64(0)
	for d.more() {
		d.peek()
		at := d.pos
		raw := d.skip()
		d.colon()
		f, known := fields[string(raw[1:len(raw)-1])] // no field's name needs an escape
		switch {
		case !known:
			return locatedAt(d.data, at, unquote(raw), "is not a known field here")
		case seen&f.bit != 0:
			return locatedAt(d.data, at, unquote(raw), "is there twice")
		}
		seen |= f.bit
		if err := d.value(v.FieldByIndex(f.index)); err != nil {
			return within(unquote(raw), err)
		}
	}
	return nil
}

func (d *decoder) list(v reflect.Value) error {
	if err := d.open('[', "a list"); err != nil {
		return err
	}
	v.SetLen(0)
	for i := 0; d.more(); i++ {
		if i == v.Cap() {
			v.Grow(1)
		}
		v.SetLen(i + 1)
		if err := d.value(v.Index(i)); err != nil {
			return within(index("", i), err)
		}
	}
	return nil
}

func (d *decoder) dictionary(v reflect.Value) error {
	if err := d.open('{', "an object"); err != nil {
		return err
	}
	v.Set(reflect.MakeMap(v.Type()))
	for d.more() {
		d.peek()
		at := d.pos
		name := d.key()
		key := reflect.ValueOf(name)
		if v.MapIndex(key).IsValid() {
			return locatedAt(d.data, at, name, "is there twice")
		}
		element := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(element); err != nil {
			return within(name, err)
		}
		v.SetMapIndex(key, element)
	}
	return nil
}

// open steps over the bracket that opens a list or an object.
func (d *decoder) open(bracket byte, want string) error {
	if d.peek() != bracket {
		return locatedAt(d.data, d.pos, "", "must be "+want)
	}
	d.pos++
	return nil
}

// leaf decodes a string, a number, a bool, a decimal or a time.
func (d *decoder) leaf(v reflect.Value) error {
	d.peek()
	at := d.pos
	raw := d.skip()
	want := ""
	switch x := v.Addr().Interface().(type) {
	case *decimal.Decimal:
		if raw[0] == 'n' || len(raw) > maxNumber || x.UnmarshalJSON(raw) != nil {
			want = "a decimal number"
		}
	case *time.Time:
		if raw[0] == 'n' || x.UnmarshalJSON(raw) != nil {
			want = "a time as in RFC 3339"
		}
	default:
		want = d.plain(v, raw)
	}
	if want != "" {
		return locatedAt(d.data, at, "", "must be "+want)
	}
	return nil
}

// plain decodes a string, an integer or a bool, and returns what it should have been otherwise.
func (d *decoder) plain(v reflect.Value, raw []byte) (want string) {
	switch {
	case v.Kind() == reflect.String && raw[0] == '"':
		v.SetString(unquote(raw))
		return ""
	case v.Kind() == reflect.String:
		return "a string"
	case raw[0] != 'n' && json.Unmarshal(raw, v.Addr().Interface()) == nil:
		return ""
	case v.Kind() == reflect.Bool:
		return "true or false"
	}
	return "a whole number in range"
}

// fieldsOf returns the fields of a struct by the names they have in a file. Fields of an embedded
// struct belong to the struct around it.
func (d *decoder) fieldsOf(t reflect.Type) map[string]field {
	if fields, ok := d.fields[t]; ok {
		return fields
	}
	fields := map[string]field{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.IsExported() && name != "" && name != "-" {
			fields[name] = field{index: f.Index, bit: 1 << len(fields)}
		}
	}
	d.fields[t] = fields
	return fields
}
