package storetest

import (
	"strings"

	"github.com/scrip-go/scrip/ledger"
)

// keyCases are about [ledger.Tx.Keyed].
var keyCases = []testCase{
	{name: "keys compare byte by byte", check: func(k *kit) {
		var entries []ledger.Entry
		for _, key := range oddKeys {
			entries = append(entries, charge(key))
		}
		w, entries := k.add("a", entries...)
		for i, key := range oddKeys {
			same(k, "keyed "+key, encodeEntry, k.keyed(w.ID, key), entries[i:i+1])
		}
		same(k, "all keys", encodeEntry, k.keyed(w.ID, oddKeys...), entries)
	}},
	{name: "Keyed finds no key that is only like it", check: func(k *kit) {
		w, _ := k.add("a", charge("Key"), charge(strings.Repeat("long", 40)))
		for _, key := range []string{"key", "KEY", "Key ", " Key", "Ke", "Keys", "%", "K_y", "K*", strings.Repeat("long", 39)} {
			if got := k.keyed(w.ID, key); len(got) > 0 {
				k.Errorf("asked for %q, Keyed returned %q", key, got[0].Key)
			}
		}
	}},
	{name: "a key belongs to its wallet", check: func(k *kit) {
		a, ofA := k.add("a", charge("key"), charge("only a's"))
		b, ofB := k.add("b", charge("key"))
		same(k, "of a", encodeEntry, k.keyed(a.ID, "key"), ofA[:1])
		same(k, "of b", encodeEntry, k.keyed(b.ID, "key", "only a's"), ofB)
	}},
	{name: "entries without a key do not collide", check: func(k *kit) {
		w, entries := k.add("a", charge(""), charge("key"), charge(""), charge(""))
		k.holds(w, entries...)
		if got := k.keyed(w.ID, ""); len(got) > 0 {
			k.Errorf("Keyed found %d entries by the empty key", len(got))
		}
	}},
}

// oddKeys differ in bytes, but not to everybody.
var oddKeys = []string{
	"a", "A", "a ", " a", "a\t", "a\n", "aa", "\u00e4", "a\u0308", "\u00c4", "\u0430", "\uff41", "a\u00ad", "a\u200b",
	"ss", "\u00df", "\u1e9e", "i", "I", "\u0131", "\u0130", "1", "1.0", "01", "+1", "1e0", "true", "null", "NULL",
	"%", "_", "*", "?", "'", "''", `"`, `\`, `\\`, "$1", ":a", "--", "/*", ";", "\x01", "\x7f", "\U0001d11e",
	strings.Repeat("k", ledger.MaxKey), strings.Repeat("k", ledger.MaxKey-1), strings.Repeat("\U0001d11e", ledger.MaxKey/4),
}
