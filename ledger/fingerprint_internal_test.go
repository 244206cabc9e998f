package ledger

import (
	"reflect"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// A fingerprint is stored with every entry: if this one changes, no request that was
// made before can be repeated.
func TestFingerprintsNeverChange(t *testing.T) {
	t.Parallel()
	r := ChargeRequest{
		Key: "k", WalletID: WalletIDOf("w"), Item: "sms", Quantity: decimal.New(150, -1),
		Attributes: map[string]string{"b": "<2>", "a": "1"}, At: time.Date(2026, 3, 1, 12, 0, 0, 1_000, time.UTC),
		Final: true, Info: Info{Reason: "why"},
	}
	require.Equal(t,
		`{"Key":"k","WalletID":"`+WalletIDOf("w").String()+`","Item":"sms","Quantity":"15",`+
			`"Attributes":{"a":"1","b":"\u003c2\u003e"},"At":"2026-03-01T12:00:00.000001Z","Final":true,"reason":"why"}`,
		string(appendJSON(nil, r)))
	require.Equal(t, "944b07be3dd182547c8d6a45050c51193d75344449c3d49d5139415f3dea3fdf", fingerprint(r).String())
}

func TestRequestsThatDifferHaveOtherFingerprints(t *testing.T) {
	t.Parallel()
	texts := map[string]string{}
	for _, r := range []any{
		ChargeRequest{},
		GrantRequest{},
		HoldRequest{},
		CaptureRequest{},
		ReleaseRequest{},
		ExtendRequest{},
		RefundRequest{},
		VoidRequest{},
		AdjustRequest{},
		TransferRequest{},
		TakeBackRequest{},
		PurchaseRequest{},
		SubscribeRequest{},
		ChangeRequest{},
		CancelRequest{},
		AmendRequest{},
		OpenWalletRequest{},
		BillRequest{},
		InvoiceRequest{},
		RedeemRequest{},
		freeze{},
		thaw{},
		shut{},
	} {
		name := reflect.TypeOf(r).Name()
		texts[name] = "nothing set"
		eachField(reflect.ValueOf(r), func(field string, changed any) {
			text := name + string(appendJSON(nil, changed))
			require.NotContains(t, texts, text, "%s of %s", field, name)
			texts[text] = field
		})
	}
}

// eachField calls visit with r, changed in one field at a time.
func eachField(r reflect.Value, visit func(string, any)) {
	for i := range r.NumField() {
		f := r.Type().Field(i)
		value := sample(f.Type)
		if !f.IsExported() || f.Tag.Get("json") == "-" || !value.IsValid() {
			continue
		}
		changed := reflect.New(r.Type()).Elem()
		changed.Field(i).Set(value)
		visit(f.Name, changed.Interface())
	}
}

// sample returns a value of type t that is not zero, or none.
func sample(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	switch v.Interface().(type) {
	case decimal.Decimal:
		return reflect.ValueOf(decimal.New(7, 0))
	case time.Time:
		return reflect.ValueOf(time.UnixMicro(7).UTC())
	}
	switch t.Kind() { // the rest has no sample
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint8:
		v.SetUint(7)
	case reflect.String:
		v.SetString("seven")
	case reflect.Slice:
		v.Set(reflect.MakeSlice(t, 1, 1))
	case reflect.Map:
		v.Set(reflect.MakeMap(t))
		v.SetMapIndex(sample(t.Key()), sample(t.Elem()))
	case reflect.Array:
		v.Index(0).Set(sample(t.Elem()))
	case reflect.Struct:
		for i := range t.NumField() {
			if value := sample(t.Field(i).Type); value.IsValid() && t.Field(i).IsExported() {
				v.Field(i).Set(value)
				return v
			}
		}
	default:
		return reflect.Value{}
	}
	return v
}
