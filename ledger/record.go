package ledger

// A tip is a wallet and the hash of its last entry. They are apart because entries are
// sealed later than they are decided, when the wallet may serve other requests already:
// its own Hash is not kept up to date.
type tip struct {
	wallet *Wallet
	hash   *Hash
}

// A record is a wallet on the desk. Each request that changes it works on a draft in
// the space of spare, and when that is kept the two change places.
type record struct {
	wallet *Wallet
	spare  *Wallet // what the wallet was before, or nil
	shared bool    // others have the wallet too: it must stay as it is
	draft  draft   // of the request being worked on

	stored int64 // the Seq of the last entry before those of the desk, 0 if none
	before *Hash // of that entry
	after  *Hash // of the last entry of the desk that is sealed
}

// found returns the record of a wallet that was read, or is remembered.
func found(t tip) *record {
	return &record{wallet: t.wallet, shared: true, stored: t.wallet.Seq, before: t.hash, after: new(Hash)}
}

// changed reports whether the desk has entries of the wallet.
func (r *record) changed() bool { return r.wallet.Seq != r.stored }

// tip returns the wallet and where the hash of its last entry will be.
func (r *record) tip() tip {
	if r.changed() {
		return tip{r.wallet, r.after}
	}
	return tip{r.wallet, r.before}
}

// keep makes w the wallet.
func (r *record) keep(w *Wallet) {
	r.spare = r.wallet
	if r.shared {
		r.spare = nil
	}
	r.wallet, r.shared = w, false
}

// seal chains e, the next entry of the wallet, to the one before it.
func (r *record) seal(e *Entry) {
	previous := *r.after
	if e.Seq == r.stored+1 {
		previous = *r.before
	}
	if e.Checkpoint != nil {
		e.Checkpoint.Hash = previous
	}
	*r.after = e.Seal(previous)
}

// put returns what to keep of the wallet, all entries of which are sealed: a copy,
// because the wallet may be serving other requests.
func (r *record) put() Put {
	w := *r.wallet
	w.Hash = *r.after
	return Put{Wallet: &w, From: r.stored}
}
