package report_test

import (
	"reflect"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger/report"
)

func TestMovementsAddUpClassByClass(t *testing.T) {
	t.Parallel()
	var a, b report.Movements
	fields := reflect.ValueOf(&a).Elem().NumField()
	amount := func(n int) reflect.Value {
		return reflect.ValueOf(report.Amount{Credits: decimal.New(int64(n), 0), Money: decimal.New(int64(n), -2)})
	}
	for i := range fields {
		reflect.ValueOf(&a).Elem().Field(i).Set(amount(i + 1))
		reflect.ValueOf(&b).Elem().Field(i).Set(amount(10 * (i + 1)))
	}
	all := a.Add(&b)
	for i := range fields {
		got := reflect.ValueOf(all).Field(i).Interface().(report.Amount)
		want := amount(11 * (i + 1)).Interface().(report.Amount)
		require.Equal(t, want.Credits.String(), got.Credits.String(), "field %d", i)
		require.Equal(t, want.Money.String(), got.Money.String(), "field %d", i)
	}
}
