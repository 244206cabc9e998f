package ledger

import (
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/shopspring/decimal"
)

// An encoder appends the JSON text of a value of one type to b.
//
// It is the text that encoding/json writes, by the same struct tags, with one
// difference: a field without a tag is left out if it is zero. What is stored has
// tags everywhere. Requests have none, so that a field added to one later leaves
// the fingerprints of requests that do not use it as they are.
//
// There are encoders of our own because their text is hashed, so that it must not
// depend on the switches that package decimal has for the whole program, and
// because every charge pays for it three times.
type encoder func(b []byte, v reflect.Value) []byte

// encoders has the encoder of each type that was asked for, made once.
var encoders sync.Map // reflect.Type to encoder

// appendJSON appends the JSON text of v to b.
func appendJSON(b []byte, v any) []byte {
	if e, ok := v.(*Entry); ok {
		return entryText(b, e)
	}
	value := reflect.ValueOf(v)
	if e, ok := encoders.Load(value.Type()); ok {
		return e.(encoder)(b, value)
	}
	e := makers{}.encoder(value.Type())
	encoders.Store(value.Type(), e)
	return e(b, value)
}

// A scalar is how a type that is written as one text is encoded, and when it is
// zero.
type scalar struct {
	encode encoder
	isZero func(reflect.Value) bool
}

// scalars are the structs and arrays that are written as one text.
var scalars = map[reflect.Type]scalar{
	reflect.TypeFor[decimal.Decimal](): scalarOf(appendDecimal),
	reflect.TypeFor[time.Time]():       scalarOf(appendText[time.Time]),
	reflect.TypeFor[Hash]():            scalarOf(appendText[Hash]),
	reflect.TypeFor[WalletID]():        scalarOf(appendText[WalletID]),
	reflect.TypeFor[GrantID]():         scalarOf(appendText[GrantID]),
}

func scalarOf[T interface{ IsZero() bool }](write func([]byte, T) []byte) scalar {
	return scalar{
		encode: func(b []byte, v reflect.Value) []byte {
			x, _ := reflect.TypeAssert[T](v)
			return append(write(append(b, '"'), x), '"')
		},
		isZero: func(v reflect.Value) bool {
			x, _ := reflect.TypeAssert[T](v)
			return x.IsZero()
		},
	}
}

// makers makes encoders. It has those that are being made, for types that contain
// themselves.
type makers map[reflect.Type]*encoder

func (m makers) encoder(t reflect.Type) encoder {
	if s, ok := scalars[t]; ok {
		return s.encode
	}
	if e, ok := m[t]; ok {
		return func(b []byte, v reflect.Value) []byte { return (*e)(b, v) }
	}
	e := new(encoder)
	m[t] = e
	*e = m.byKind(t)
	return *e
}

func (m makers) byKind(t reflect.Type) encoder {
	if t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		panic(fmt.Sprintf("ledger: %v is no scalar, but has a text", t))
	}
	switch t.Kind() { // nothing else is kept
	case reflect.Bool:
		return func(b []byte, v reflect.Value) []byte { return strconv.AppendBool(b, v.Bool()) }
	case reflect.Int, reflect.Int32, reflect.Int64:
		return func(b []byte, v reflect.Value) []byte { return strconv.AppendInt(b, v.Int(), 10) }
	case reflect.String:
		return func(b []byte, v reflect.Value) []byte { return appendString(b, v.String()) }
	case reflect.Pointer:
		return orNull(m.pointer(t))
	case reflect.Slice:
		return orNull(m.slice(t))
	case reflect.Map:
		return orNull(m.pairs(t))
	case reflect.Struct:
		return m.object(t)
	}
	panic(fmt.Sprintf("ledger: %v has no encoding", t))
}

func orNull(e encoder) encoder {
	return func(b []byte, v reflect.Value) []byte {
		if v.IsNil() {
			return append(b, "null"...)
		}
		return e(b, v)
	}
}

func (m makers) pointer(t reflect.Type) encoder {
	elem := m.encoder(t.Elem())
	return func(b []byte, v reflect.Value) []byte { return elem(b, v.Elem()) }
}

func (m makers) slice(t reflect.Type) encoder {
	elem := m.encoder(t.Elem())
	return func(b []byte, v reflect.Value) []byte {
		b = append(b, '[')
		for i := range v.Len() {
			b = append(elem(b, v.Index(i)), ',')
		}
		return end(b, ']')
	}
}

// pairs encodes a map, whose keys are strings, in the order of its keys.
func (m makers) pairs(t reflect.Type) encoder {
	elem := m.encoder(t.Elem())
	return func(b []byte, v reflect.Value) []byte {
		values := make(map[string]reflect.Value, v.Len())
		for key, value := range v.Seq2() {
			values[key.String()] = value
		}
		b = append(b, '{')
		for _, key := range slices.Sorted(maps.Keys(values)) {
			b = append(appendString(b, key), ':')
			b = append(elem(b, values[key]), ',')
		}
		return end(b, '}')
	}
}

func (m makers) object(t reflect.Type) encoder {
	fields := m.fields(t)
	return func(b []byte, v reflect.Value) []byte {
		return end(fields(append(b, '{'), v), '}')
	}
}

// end closes an object or array of which every member is followed by a comma.
func end(b []byte, bracket byte) []byte {
	if b[len(b)-1] == ',' {
		b[len(b)-1] = bracket
		return b
	}
	return append(b, bracket)
}

// A member is a field of a struct as it is encoded. A struct that is embedded is a
// member without a name, whose own members stand in its place.
type member struct {
	index  int
	name   string                   // quoted, with a colon
	omit   func(reflect.Value) bool // nil: never
	encode encoder
}

// fields encodes the fields of a struct, each followed by a comma.
func (m makers) fields(t reflect.Type) encoder {
	var members []member
	for f := range t.Fields() {
		tag := f.Tag.Get("json")
		switch {
		case f.Anonymous && tag == "":
			members = append(members, member{index: f.Index[0], encode: m.embedded(f.Type)})
		case f.IsExported() && tag != "-":
			members = append(members, m.member(f))
		}
	}
	return func(b []byte, v reflect.Value) []byte {
		for i := range members {
			b = members[i].append(b, v.Field(members[i].index))
		}
		return b
	}
}

func (m *member) append(b []byte, v reflect.Value) []byte {
	if m.omit != nil && m.omit(v) {
		return b
	}
	if m.name == "" {
		return m.encode(b, v)
	}
	return append(m.encode(append(b, m.name...), v), ',')
}

func (m makers) member(f reflect.StructField) member {
	name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" {
		name, option = f.Name, "omitzero"
	}
	return member{
		index: f.Index[0], name: string(appendString(nil, name)) + ":",
		omit: omission(f.Type, option), encode: m.encoder(f.Type),
	}
}

// embedded encodes the fields of a struct, or of a pointer to one, without the
// braces around them.
func (m makers) embedded(t reflect.Type) encoder {
	if t.Kind() == reflect.Struct {
		return m.fields(t)
	}
	fields := m.fields(t.Elem())
	return func(b []byte, v reflect.Value) []byte {
		if v.IsNil() {
			return b
		}
		return fields(b, v.Elem())
	}
}

// omission returns when a field of type t is left out, nil for never.
func omission(t reflect.Type, option string) func(reflect.Value) bool {
	switch {
	case option == "":
		return nil
	case option == "omitzero" && scalars[t].isZero != nil:
		return scalars[t].isZero
	case option == "omitzero" && t.Implements(reflect.TypeFor[zeroer]()):
		return func(v reflect.Value) bool { return v.IsZero() || v.Interface().(zeroer).IsZero() }
	}
	switch t.Kind() { // what follows holds for all others
	case reflect.Slice, reflect.Map, reflect.String:
		return func(v reflect.Value) bool { return v.Len() == 0 }
	case reflect.Pointer:
		return reflect.Value.IsNil
	}
	return reflect.Value.IsZero
}

type zeroer interface{ IsZero() bool }
