package storetest

import (
	"crypto/sha256"
	"fmt"
	"reflect"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// noon is the instant around which the records of this package lie, late enough in
// its second that a store which cuts microseconds off shows it.
var noon = time.Date(2026, time.March, 29, 12, 0, 0, 999_999_000, time.UTC)

// tick returns the instant n microseconds after noon.
func tick(n int) time.Time { return noon.Add(time.Duration(n) * time.Microsecond) }

// A filler makes records in which no field is zero and no two are equal, so that a
// store which forgets or swaps one is found, also when the field is new.
type filler struct {
	n      int
	within map[reflect.Type]bool // the structs being filled, to end recursion
}

// fill returns a T without a zero field.
func fill[T any]() T {
	var v T
	f := &filler{within: make(map[reflect.Type]bool)}
	f.value(reflect.ValueOf(&v).Elem())
	return v
}

func (f *filler) value(v reflect.Value) {
	f.n++
	if known := f.known(v.Interface()); known != nil {
		v.Set(reflect.ValueOf(known))
		return
	}
	switch v.Kind() { // all others panic
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(f.n))
	case reflect.String:
		v.SetString(f.text())
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.value(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.value(v.Index(0))
		f.value(v.Index(1))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		f.pair(v)
		f.pair(v)
	case reflect.Struct:
		f.fields(v)
	default:
		panic(fmt.Sprintf("storetest: a record has a field of type %v", v.Type()))
	}
}

// known returns a value for the types whose parts are not theirs to choose, and nil
// for all others.
func (f *filler) known(v any) any {
	switch v.(type) {
	case decimal.Decimal:
		return f.amount()
	case time.Time:
		return tick(f.n)
	case ledger.WalletID:
		return ledger.WalletIDOf(f.text())
	case ledger.GrantID:
		return ledger.GrantID{Seq: int64(f.n), N: 1}
	case ledger.Hash:
		return ledger.Hash(sha256.Sum256([]byte(f.text())))
	case ledger.Kind:
		return ledger.KindCharge
	case ledger.Status:
		return ledger.StatusFrozen
	case ledger.Source:
		return ledger.SourcePurchase
	}
	return nil
}

// amount returns a number that has all the digits an amount can have, of either sign.
func (f *filler) amount() decimal.Decimal {
	d := decimal.RequireFromString(fmt.Sprintf("98765432109876543210%06d.000000%05d1", f.n, f.n))
	if f.n%2 == 0 {
		return d.Neg()
	}
	return d
}

// text returns a text with what quoting, folding and trimming get wrong.
func (f *filler) text() string {
	return fmt.Sprintf(" %d <&> \"'`\\ \\u0041 $1 %%s \r\n\t\x01\x7f \u2028 Äa\u0308 ß 𝄞 ", f.n)
}

func (f *filler) pair(v reflect.Value) {
	key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
	f.value(key)
	f.value(elem)
	v.SetMapIndex(key, elem)
}

func (f *filler) fields(v reflect.Value) {
	if f.within[v.Type()] {
		return
	}
	f.within[v.Type()] = true
	defer delete(f.within, v.Type())
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() {
			f.value(v.Field(i))
		}
	}
}
