package ledger_test

import (
	"encoding/json"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

func TestRecordsAreEncodedAsEncodingJSONDoes(t *testing.T) {
	t.Parallel()
	r := &random{rand.New(rand.NewPCG(1, 2))}
	for range 500 {
		var e ledger.Entry
		r.fill(reflect.ValueOf(&e).Elem(), 0)
		sameJSON(t, &e, ledger.EncodeEntry(&e))
		var w ledger.Wallet
		r.fill(reflect.ValueOf(&w).Elem(), 0)
		sameJSON(t, &w, ledger.EncodeWallet(&w))
	}
}

func TestEmptyRecordsAreEncodedAsEncodingJSONDoes(t *testing.T) {
	t.Parallel()
	sameJSON(t, new(ledger.Entry), ledger.EncodeEntry(new(ledger.Entry)))
	sameJSON(t, new(ledger.Wallet), ledger.EncodeWallet(new(ledger.Wallet)))
}

func sameJSON(t *testing.T, v any, got []byte) {
	t.Helper()
	want, err := json.Marshal(v)
	require.NoError(t, err)
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			near := max(0, i-60)
			t.Fatalf("from byte %d:\n got %s\nwant %s", near, got[near:min(i+60, len(got))], want[near:min(i+60, len(want))])
		}
	}
	require.Len(t, got, len(want))
}

func FuzzAmountsAndTextsAreEncodedAsEncodingJSONDoes(f *testing.F) {
	f.Add([]byte{1}, int32(0), "")
	f.Add([]byte{100}, int32(-2), "\u2028 \xff <&> \"\\")
	f.Add([]byte{10}, int32(-12), "\x00\x7f𝄞")
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, int32(26), "\t\r\n\b\f")
	f.Add([]byte{0}, int32(5), "é")
	f.Fuzz(func(t *testing.T, coefficient []byte, exponent int32, text string) {
		if len(coefficient) > 40 || exponent < -60 || exponent > 60 {
			t.Skip()
		}
		d := decimal.NewFromBigInt(new(big.Int).SetBytes(coefficient), exponent)
		for _, d := range []decimal.Decimal{d, d.Neg()} {
			e := ledger.Entry{Key: text, Change: d, Parts: []ledger.Part{{Amount: d}}}
			sameJSON(t, &e, ledger.EncodeEntry(&e))
		}
	})
}

func TestRecordsDoNotDependOnTheSwitchesOfPackageDecimal(t *testing.T) { //nolint:paralleltest // turns them
	e := ledger.Entry{Change: dec("12.50"), Grants: []*ledger.Grant{{Amount: dec("1e3")}}}
	want := string(ledger.EncodeEntry(&e))
	decimal.MarshalJSONWithoutQuotes, decimal.TrimTrailingZeros = true, false
	defer func() { decimal.MarshalJSONWithoutQuotes, decimal.TrimTrailingZeros = false, true }()
	require.Equal(t, want, string(ledger.EncodeEntry(&e)))
}

// random fills records with values of every kind, many of them zero.
type random struct{ *rand.Rand }

func (r *random) fill(v reflect.Value, depth int) {
	if r.IntN(3) == 0 {
		return
	}
	switch v.Interface().(type) {
	case decimal.Decimal:
		v.Set(reflect.ValueOf(decimal.New(r.Int64()>>r.IntN(64)-r.Int64N(9), int32(r.IntN(20)-15))))
		return
	case time.Time:
		v.Set(reflect.ValueOf(time.UnixMicro(r.Int64N(1 << 52)).UTC()))
		return
	}
	switch v.Kind() { // an unknown one stays zero
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(r.Int64N(100) - 20)
	case reflect.Uint8:
		v.SetUint(r.Uint64N(256))
	case reflect.String:
		v.SetString([]string{"a", "<ö>", "\"\\", "\x00\xff", "plain text", "\u2029"}[r.IntN(6)])
	case reflect.Array:
		for i := range v.Len() {
			r.fill(v.Index(i), depth)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				r.fill(v.Field(i), depth)
			}
		}
	default:
		r.refer(v, depth+1)
	}
}

// refer fills what may contain its own type, down to some depth.
func (r *random) refer(v reflect.Value, depth int) {
	if depth > 4 {
		return
	}
	switch v.Kind() { // an unknown one stays zero
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.fill(v.Elem(), depth)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), r.IntN(3), 3))
		for i := range v.Len() {
			r.fill(v.Index(i), depth)
			if p := v.Index(i); p.Kind() == reflect.Pointer && p.IsNil() {
				p.Set(reflect.New(p.Type().Elem()))
			}
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range r.IntN(3) {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			r.fill(key, depth)
			r.fill(value, depth)
			v.SetMapIndex(key, value)
		}
	}
}

func TestTheBodyOfAnEntryIsWhatItsHashWasMadeOf(t *testing.T) {
	t.Parallel()
	e := ledger.Entry{WalletID: ledger.WalletIDOf("w"), Seq: 1, Kind: ledger.KindOpen}
	require.Equal(t, string(ledger.EncodeEntry(&e)), e.Body(), "before it is sealed")
	e.Seal(ledger.Hash{7})
	require.Equal(t, string(ledger.EncodeEntry(&e)), e.Body(), "after it")
	decoded, err := ledger.DecodeEntry([]byte(e.Body()))
	require.NoError(t, err)
	require.Equal(t, e.Hash, decoded.Hash)
}

func TestReplayFindsWhatWasChangedAfterItWasSealed(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", nil)
	var entries []ledger.Entry
	var previous ledger.Hash
	for e, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: w}) {
		require.NoError(t, err)
		previous = e.Seal(previous)
		entries = append(entries, e)
	}
	_, err := ledger.Replay(slices.Values(entries))
	require.NoError(t, err)
	entries[1].Reason = "another"
	_, err = ledger.Replay(slices.Values(entries))
	require.ErrorIs(t, err, ledger.ErrCorrupt)
}
