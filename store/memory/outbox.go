package memory

import (
	"container/list"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// An outbox holds the notices that are not acknowledged, oldest first. Its zero value
// is empty.
type outbox struct {
	queue list.List // of *outgoing
	byID  map[ledger.NoticeID]*list.Element
}

// An outgoing is a notice in the outbox.
type outgoing struct {
	ledger.Delivery
	until time.Time // it is taken until just before this instant
}

// add appends the notices of e.
func (b *outbox) add(e *ledger.Entry) {
	if b.byID == nil {
		b.byID = make(map[ledger.NoticeID]*list.Element)
	}
	for n, notice := range e.Notices {
		id := ledger.NoticeID{EntryID: e.ID(), N: n}
		b.byID[id] = b.queue.PushBack(&outgoing{Delivery: ledger.Delivery{ID: id, Notice: notice}})
	}
}

// visible returns up to limit notices that are not taken at now.
func (b *outbox) visible(now time.Time, limit int) []*outgoing {
	var found []*outgoing
	for e := b.queue.Front(); e != nil && len(found) < limit; e = e.Next() {
		if o := e.Value.(*outgoing); !o.until.After(now) {
			found = append(found, o)
		}
	}
	return found
}

// remove takes out the notices with these IDs and passes over those that are gone.
func (b *outbox) remove(ids []ledger.NoticeID) {
	for _, id := range ids {
		if e, ok := b.byID[id]; ok {
			b.queue.Remove(e)
			delete(b.byID, id)
		}
	}
}
