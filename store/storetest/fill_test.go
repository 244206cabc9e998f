package storetest_test

import (
	"reflect"
	"testing"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/storetest"
)

func TestFillLeavesNoFieldZero(t *testing.T) {
	t.Parallel()
	for _, v := range []any{storetest.Fill[ledger.Wallet](), storetest.Fill[ledger.Entry](), storetest.Fill[ledger.Notice]()} {
		noZeroes(t, reflect.TypeOf(v).Name(), reflect.ValueOf(v), nil)
	}
}

// noZeroes fails if a field of v is zero, but for what would fill a type with itself.
func noZeroes(t *testing.T, path string, v reflect.Value, within []reflect.Type) {
	t.Helper()
	for _, outer := range within {
		if v.Type() == outer {
			return
		}
	}
	switch v.Kind() { // all others are leaves
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				noZeroes(t, path+"."+f.Name, v.Field(i), append(within, v.Type()))
			}
		}
	case reflect.Pointer:
		if v.IsNil() {
			t.Fatalf("%s is nil", path)
		}
		noZeroes(t, path, v.Elem(), within)
	case reflect.Slice:
		if v.Len() == 0 {
			t.Fatalf("%s is empty", path)
		}
		noZeroes(t, path, v.Index(0), within)
	default:
		if v.IsZero() {
			t.Fatalf("%s is zero", path)
		}
	}
}

func TestAFilledRecordSurvivesItsEncoding(t *testing.T) {
	t.Parallel()
	w := storetest.Fill[ledger.Wallet]()
	gotWallet, err := ledger.DecodeWallet(ledger.EncodeWallet(&w))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(ledger.EncodeWallet(&gotWallet)), string(ledger.EncodeWallet(&w)); got != want {
		t.Errorf("wallet:\n got %s\nwant %s", got, want)
	}

	e := storetest.Fill[ledger.Entry]()
	e.Seal(e.Previous)
	gotEntry, err := ledger.DecodeEntry(ledger.EncodeEntry(&e))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(ledger.EncodeEntry(&gotEntry)), string(ledger.EncodeEntry(&e)); got != want || gotEntry.Hash != e.Hash {
		t.Errorf("entry:\n got %s\nwant %s", got, want)
	}
}
