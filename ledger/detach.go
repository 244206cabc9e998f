package ledger

import (
	"reflect"
	"sync"
)

// detached returns v, or a copy of it where v refers to memory that others might write
// to: what is kept must stay as it is, whatever becomes of the maps and slices of
// those who passed it in, and of those who were given it.
func detached[T any](v T) T {
	value := reflect.ValueOf(v)
	if !refers(value) {
		return v
	}
	return copied(value).Interface().(T)
}

// refers reports whether something in v refers to memory beyond it.
func refers(v reflect.Value) bool {
	switch v.Kind() { // nothing else is kept
	case reflect.Interface:
		return !v.IsNil() && refers(v.Elem())
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return !v.IsNil()
	case reflect.Struct:
		for _, i := range references(v.Type()) {
			if refers(v.Field(i)) {
				return true
			}
		}
	}
	return false
}

// detach makes v, which can be set, refer to nothing that anything else refers to.
func detach(v reflect.Value) {
	switch v.Kind() { // nothing else is kept
	case reflect.Interface, reflect.Pointer, reflect.Slice, reflect.Map:
		if !v.IsNil() {
			detachReference(v)
		}
	case reflect.Struct:
		for _, i := range references(v.Type()) {
			detach(v.Field(i))
		}
	}
}

func detachReference(v reflect.Value) {
	own := reflect.New(v.Type()).Elem()
	switch v.Kind() { // a reference
	case reflect.Interface:
		own.Set(copied(v.Elem()))
	case reflect.Pointer:
		own.Set(copied(v.Elem()).Addr())
	case reflect.Slice:
		own.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		reflect.Copy(own, v)
		for i := range own.Len() {
			detach(own.Index(i))
		}
	case reflect.Map:
		own.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
		for key, value := range v.Seq2() {
			own.SetMapIndex(key, copied(value))
		}
	}
	v.Set(own)
}

// copied returns a detached copy of v that can be set.
func copied(v reflect.Value) reflect.Value {
	own := reflect.New(v.Type()).Elem()
	own.Set(v)
	detach(own)
	return own
}

var referring sync.Map // reflect.Type of a struct to []int

// references returns which fields of a struct can refer to memory beyond it. What is
// written as one text never changes.
func references(t reflect.Type) []int {
	if fields, ok := referring.Load(t); ok {
		return fields.([]int)
	}
	var fields []int
	if _, text := scalars[t]; !text {
		for f := range t.Fields() {
			if f.IsExported() && canRefer(f.Type) {
				fields = append(fields, f.Index[0])
			}
		}
	}
	referring.Store(t, fields)
	return fields
}

func canRefer(t reflect.Type) bool {
	switch t.Kind() { // nothing else refers
	case reflect.Interface, reflect.Pointer, reflect.Slice, reflect.Map:
		return true
	case reflect.Struct:
		return len(references(t)) > 0
	}
	return false
}
