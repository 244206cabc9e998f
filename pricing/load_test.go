package pricing_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/pricing"
)

// catalogs are the files of testdata that are catalogs.
func catalogs() []string {
	return []string{"agency.json", "agents.json", "crm.json", "reseller.json", "promotional.json", "models.json"}
}

func TestEncodingAndDecodingChangesNothing(t *testing.T) {
	t.Parallel()
	for _, name := range catalogs() {
		c := load(t, name)
		data, err := json.Marshal(c)
		require.NoError(t, err)
		again, err := pricing.Load(bytes.NewReader(data))
		require.NoError(t, err)
		require.Empty(t, pricing.Diff(c, again))
		twice, err := json.Marshal(again)
		require.NoError(t, err)
		require.Equal(t, string(data), string(twice))
	}
}

// valid is a small catalog with something of everything. Tests replace a part of it.
const valid = `{
  "unit": {"name": "credits"},
  "items": [{"id": "sms", "kind": "service"}, {"id": "words", "kind": "meter"}],
  "rate_cards": [
    {"name": "standard", "ends_at": "2026-04-01T00:00:00Z", "rates": [
      {"item": "sms", "model": "per_use", "price": "3"},
      {"item": "words", "model": "graduated", "over": "period",
       "tiers": [{"up_to": "10", "price": "2"}, {"up_to": "20", "price": "1"}, {"price": "0.5"}]}
    ]},
    {"name": "standard", "effective_at": "2026-04-01T00:00:00Z", "rates": [
      {"item": "sms", "model": "sum", "parts": {"in": {"model": "per_unit", "price": "1"}}}
    ]}
  ],
  "packages": [{"name": "small", "credits": "100", "price": {"amount": "9.99", "currency": "USD"}}],
  "plans": [{"name": "basic", "cycle": {"every": 1, "unit": "month"}, "buckets": [{"name": "monthly", "allowance": "50"}],
    "beyond": {"kind": "overage", "price": {"price": "0.1", "currency": "USD"}}}],
  "promotions": [{"name": "welcome", "trigger": "first_purchase", "packages": ["small"], "bonus": {"credits": "5"}}]
}`

func TestALoadErrorNamesPositionFieldAndReason(t *testing.T) {
	t.Parallel()
	_, err := pricing.Load(strings.NewReader(valid))
	require.NoError(t, err)
	for _, c := range []struct{ name, old, with, want, at string }{
		{"an unknown field", `"kind": "meter"`, `"kinds": "meter"`, "items[1].kinds is not a known field here", `"kinds"`},
		{"a name in another case", `"kind": "meter"`, `"Kind": "meter"`, "items[1].Kind is not a known field here", `"Kind"`},
		{"a field twice", `"price": "3"`, `"price": "3", "price": "4"`, "rate_cards[0].rates[0].price is there twice", `"price": "4"`},
		{"a part twice", `{"in":`, `{"in": {"model": "free"}, "in":`, "rate_cards[1].rates[0].parts.in is there twice", `"in": {"model": "per_unit"`},
		{"null", `"price": "3"`, `"price": null`, "rate_cards[0].rates[0].price must be a decimal number", `null`},
		{"a word for a number", `"allowance": "50"`, `"allowance": "many"`, `plans[0].buckets[0].allowance must be a decimal number`, `"many"`},
		{"a number for a word", `"id": "sms"`, `"id": 7`, "items[0].id must be a string", `7, "kind"`},
		{"a list for an object", `{"name": "credits"}`, `[]`, "unit must be an object", `[]`},
		{"a fraction for a whole number", `"every": 1`, `"every": 1.5`, "plans[0].cycle.every must be a whole number in range", `1.5`},
		{"a date that is none", `"2026-04-01T00:00:00Z", "rates": [
      {"item": "sms", "model": "per_use"`, `"tomorrow", "rates": [
      {"item": "sms", "model": "per_use"`, "rate_cards[0].ends_at must be a time as in RFC 3339", `"tomorrow"`},
		{"a number that would exhaust memory", `"price": "3"`, `"price": "1e2000000000"`, "rate_cards[0].rates[0].price", `"1e2000000000"`},
		{"no JSON at all", `{
  "unit"`, `{
  unit`, "file is not JSON", `unit`},
		{"something after it", `"bonus": {"credits": "5"}}]
}`, `"bonus": {"credits": "5"}}]
} {}`, "file is not JSON", `{}`},
		{"a rate for an unknown item", `"item": "sms", "model": "per_use"`, `"item": "fax", "model": "per_use"`, `rate_cards[0].rates[0].item "fax" is not in the catalog`, `"fax"`},
		{"an item twice", `"id": "words"`, `"id": "sms"`, `items[1].id repeats "sms" of items[0]`, `"sms", "kind": "meter"`},
		{"a missing field", `"kind": "meter"`, `"name": "Words"`, `items[1].kind is missing`, `{"id": "words"`},
		{"overlapping tiers", `"up_to": "20"`, `"up_to": "10"`, "rate_cards[0].rates[1].tiers[1].up_to is 10, which overlaps the tier that ends at 10", `"10", "price": "1"`},
		{"a gap above the tiers", `{"price": "0.5"}`, `{"up_to": "30", "price": "0.5"}`, "rate_cards[0].rates[1].tiers[2].up_to leaves a gap above 30", `"30"`},
		{"a gap between dates", `"ends_at": "2026-04-01T00:00:00Z"`, `"ends_at": "2026-03-31T00:00:00Z"`, "rate_cards[1].effective_at leaves a gap after the version that ends at 2026-03-31T00:00:00Z", `"2026-04-01T00:00:00Z", "rates"`},
		{"an overlap of dates", `"ends_at": "2026-04-01T00:00:00Z"`, `"ends_at": "2026-04-02T00:00:00Z"`, "rate_cards[1].effective_at overlaps the version that ends at 2026-04-02T00:00:00Z", `"2026-04-01T00:00:00Z", "rates"`},
		{"two versions of a date", `"ends_at": "2026-04-01T00:00:00Z"`, `"effective_at": "2026-04-01T00:00:00Z"`, "rate_cards[1].effective_at repeats that of another version", `"2026-04-01T00:00:00Z", "rates": [
      {"item": "sms", "model": "sum"`},
		{"a price too fine for its currency", `"9.99"`, `"9.999"`, "packages[0].price.amount is 9.999, and USD has 2 decimals", `"9.999"`},
		{"a currency that is none", `"9.99", "currency": "USD"`, `"9.99", "currency": "usd"`, `packages[0].price.currency "usd" is not a currency of ISO 4217`, `"usd"`},
		{"an allowance finer than the unit", `"allowance": "50"`, `"allowance": "50.5"`, "plans[0].buckets[0].allowance is 50.5, which is finer", `"50.5"`},
		{"a cycle that is none", `"unit": "month"`, `"unit": "moon"`, `plans[0].cycle.unit`, `"moon"`},
		{"a field of another kind", `{"kind": "overage"`, `{"kind": "refuse"`, "plans[0].beyond.price is only for kinds overage and postpaid", `{"price": "0.1"`},
		{"a package that is not there", `["small"]`, `["smal"]`, `promotions[0].packages[0] "smal" is not in the catalog`, `"smal"`},
		{"a price that no decimal states for one unit", `"price": "1"}}`, `"price": "1", "block": "3"}}`, "rate_cards[1].rates[0].parts.in.price is 1 for a block of 3", `"1", "block"`},
		{"what the model does not use", `"price": "3"`, `"price": "3", "block": "2"`, `rate_cards[0].rates[0].block is not for per_use`, `"2"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			file := strings.Replace(valid, c.old, c.with, 1)
			require.NotEqual(t, valid, file)
			_, err := pricing.Load(strings.NewReader(file))
			require.ErrorIs(t, err, pricing.ErrInvalid)
			var invalid *pricing.InvalidError
			require.ErrorAs(t, err, &invalid)
			require.Contains(t, invalid.Field+" "+invalid.Reason, c.want)
			line := strings.SplitAfter(file, "\n")[invalid.Line-1:]
			require.True(t, strings.HasPrefix(strings.Join(line, "")[invalid.Column-1:], c.at),
				"%v does not point at %s", err, c.at)
		})
	}
}

func TestCardsAreFoundByDate(t *testing.T) {
	t.Parallel()
	c, err := pricing.Load(strings.NewReader(valid))
	require.NoError(t, err)
	april := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	for instant, rates := range map[time.Time]int{
		{}: 2, april.Add(-time.Microsecond): 2, april: 1, april.AddDate(9, 0, 0): 1,
	} {
		card, err := c.Card("standard", instant)
		require.NoError(t, err)
		require.Len(t, card.Rates, rates, instant)
	}
	_, err = c.Card("gold", april)
	refused(t, err, "card")
}

func TestAFileThatHoldsNoCatalogSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, file, want string }{
		{"nothing", "", "1:1: file is empty"},
		{"nothing but space", " \n\t", "2:2: file is empty"},
		{"the first half", valid[:len(valid)/2], "file ends in the middle: a part of it is missing"},
		{"a list", " []", "1:2: file must be an object"},
		{"null", "null", "1:1: file must be an object"},
		{"a number", "7", "1:1: file must be an object"},
		{"an empty object", "{}", "1:1: unit.name is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := pricing.Load(strings.NewReader(c.file))
			require.ErrorIs(t, err, pricing.ErrInvalid)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestAFileTooLarge(t *testing.T) {
	t.Parallel()
	_, err := pricing.Load(strings.NewReader(strings.Repeat(" ", pricing.MaxFile+1)))
	refused(t, err, "file")
}

// TestTheSchemaKnowsEveryField walks the Go types and the schema side by side.
func TestTheSchemaKnowsEveryField(t *testing.T) {
	t.Parallel()
	var schema map[string]any
	require.NoError(t, json.Unmarshal(pricing.Schema(), &schema))
	require.Equal(t, pricing.SchemaID, schema["$id"])
	defs := schema["$defs"].(map[string]any)
	seen := map[reflect.Type]bool{}
	var walk func(path string, typ reflect.Type, node map[string]any)
	walk = func(path string, typ reflect.Type, node map[string]any) {
		if ref, ok := node["$ref"].(string); ok {
			node = defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		}
		switch {
		case typ.Kind() == reflect.Slice:
			require.Equal(t, "array", node["type"], path)
			walk(path+"[]", typ.Elem(), node["items"].(map[string]any))
		case typ.Kind() == reflect.Map:
			walk(path+".*", typ.Elem(), node["additionalProperties"].(map[string]any))
		case typ.Kind() == reflect.Struct && node["properties"] != nil && !seen[typ]:
			seen[typ] = true
			properties := node["properties"].(map[string]any)
			fields := 0
			for _, f := range reflect.VisibleFields(typ) {
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				if name == "" {
					continue
				}
				fields++
				require.Contains(t, properties, name, path)
				walk(path+"."+name, f.Type, properties[name].(map[string]any))
			}
			require.Len(t, properties, fields, "%s has properties that no field has", path)
			require.Equal(t, false, node["additionalProperties"], path)
		}
	}
	walk("catalog", reflect.TypeFor[pricing.Catalog](), schema)
	require.Greater(t, len(seen), 12)
}
