package pricing

import (
	"reflect"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// canon makes v, at any depth, the only form of what it says, and its own: decimals in normal
// form, times in UTC microseconds, empty lists and maps absent, lists and maps copied. It returns
// an *InvalidError for a decimal or a time out of range. v must be settable.
func canon(v reflect.Value) error {
	switch x := v.Addr().Interface().(type) {
	case *decimal.Decimal:
		d, err := Check("", *x)
		*x = d
		return err
	case *time.Time:
		return canonTime(x)
	}
	switch v.Kind() {
	case reflect.Struct:
		return canonStruct(v)
	case reflect.Slice:
		return canonSlice(v)
	case reflect.Map:
		return canonMap(v)
	}
	return nil
}

func canonTime(t *time.Time) error {
	if t.IsZero() {
		*t = time.Time{}
		return nil
	}
	*t = t.UTC().Truncate(time.Microsecond)
	if y := t.Year(); y < 1 || y > 9999 {
		return invalid("", "must lie in the years 1 to 9999")
	}
	return nil
}

func canonStruct(v reflect.Value) error {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() {
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if err := canon(v.Field(i)); err != nil {
			return within(name, err)
		}
	}
	return nil
}

func canonSlice(v reflect.Value) error {
	if v.Len() == 0 {
		v.SetZero()
		return nil
	}
	own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	reflect.Copy(own, v)
	v.Set(own)
	if v.Type().Elem().Kind() == reflect.String {
		return nil
	}
	for i := range v.Len() {
		if err := canon(v.Index(i)); err != nil {
			return within(index("", i), err)
		}
	}
	return nil
}

func canonMap(v reflect.Value) error {
	if v.Len() == 0 {
		v.SetZero()
		return nil
	}
	own := reflect.MakeMapWithSize(v.Type(), v.Len())
	for entries := v.MapRange(); entries.Next(); {
		element := reflect.New(v.Type().Elem()).Elem()
		element.Set(entries.Value())
		if err := canon(element); err != nil {
			return within(entries.Key().String(), err)
		}
		own.SetMapIndex(entries.Key(), element)
	}
	v.Set(own)
	return nil
}
