package storetest

import (
	"encoding/json"

	"github.com/scrip-go/scrip/ledger"
)

// noticeCases are about [ledger.Tx.TakeNotices] and [ledger.Tx.AckNotices].
var noticeCases = []testCase{
	{name: "every notice of an entry is delivered exactly as it is", check: func(k *kit) {
		full := charge("full")
		for range 12 {
			full.Notices = append(full.Notices, fill[ledger.Notice](), ledger.Notice{Kind: "bare"})
		}
		w, entries := k.add("a", charge("none"), full)
		var want []ledger.Delivery
		for i, id := range noticesOf(entries[1]) {
			want = append(want, ledger.Delivery{ID: id, Notice: full.Notices[i]})
		}
		same(k, "notices", encodeDelivery, k.take(noon, tick(1), 100), want)
		k.holds(w, entries...)
	}},
	{name: "a notice that is taken is not visible until its time, but then again", check: func(k *kit) {
		k.noticed(1)
		for i, step := range []struct{ now, until, want int }{
			{now: 0, until: 10, want: 1},
			{now: 0, until: 20, want: 0},
			{now: 9, until: 20, want: 0},
			{now: 10, until: 11, want: 1},
			{now: 10, until: 20, want: 0},
			{now: 1_000_000, until: 1_000_001, want: 1},
		} {
			if got := k.take(tick(step.now), tick(step.until), 5); len(got) != step.want {
				k.Fatalf("step %d, %+v: got %d notices", i, step, len(got))
			}
		}
	}},
	{name: "at most limit notices are taken, and the others stay", check: func(k *kit) {
		ids := k.noticed(7)
		seen := make(map[ledger.NoticeID]bool)
		for _, want := range []int{3, 3, 1, 0} {
			got := k.take(noon, tick(10), 3)
			if len(got) != want {
				k.Fatalf("got %d notices, want %d", len(got), want)
			}
			for _, d := range got {
				seen[d.ID] = true
			}
		}
		if len(seen) != len(ids) {
			k.Errorf("got %d different notices, want %d", len(seen), len(ids))
		}
	}},
	{name: "an acknowledged notice is gone for good, and no other", check: func(k *kit) {
		ids := k.noticed(4)
		k.take(noon, tick(10), 2)
		k.ack(ids[1], ids[3])
		got := k.take(tick(10), tick(20), 10)
		if len(got) != 2 || got[0].ID != ids[0] || got[1].ID != ids[2] {
			k.Fatalf("got %v, want those that were not acknowledged", got)
		}
	}},
	{name: "notices that are gone already are passed over", check: func(k *kit) {
		ids := k.noticed(2)
		unknown := ledger.NoticeID{EntryID: ledger.EntryID{WalletID: ledger.WalletIDOf("nobody"), Seq: 1}}
		k.ack(ids[0])
		k.ack(unknown, ids[0], ids[1])
		k.ack(ids...)
		if got := k.take(noon, tick(1), 10); len(got) > 0 {
			k.Errorf("%d notices came back", len(got))
		}
	}},
	{name: "notices of different wallets and entries are told apart", check: func(k *kit) {
		e := charge("")
		e.Notices = []ledger.Notice{{Kind: "one"}, {Kind: "two"}}
		_, ofA := k.add("a", e, e)
		_, ofB := k.add("b", e)
		k.ack(ledger.NoticeID{EntryID: ofA[1].ID(), N: 0})
		for _, left := range []struct {
			entry ledger.Entry
			want  int
		}{{ofA[0], 2}, {ofA[1], 1}, {ofB[0], 2}} {
			n := 0
			for _, d := range k.take(noon, noon, 10) {
				if d.ID.EntryID == left.entry.ID() {
					n++
				}
			}
			if n != left.want {
				k.Errorf("entry %v has %d notices left, want %d", left.entry.ID(), n, left.want)
			}
		}
	}},
}

// noticed keeps n notices of two entries and returns their IDs in order.
func (k *kit) noticed(n int) []ledger.NoticeID {
	k.Helper()
	first, second := charge("first"), charge("second")
	for i := range n {
		if notice := (ledger.Notice{Kind: "notice"}); i < n/2 {
			first.Notices = append(first.Notices, notice)
		} else {
			second.Notices = append(second.Notices, notice)
		}
	}
	_, entries := k.add("noticed", first, second)
	return append(noticesOf(entries[0]), noticesOf(entries[1])...)
}

func encodeDelivery(d *ledger.Delivery) []byte {
	data, err := json.Marshal(d)
	if err != nil {
		panic(err) // all fields have an encoding
	}
	return data
}
