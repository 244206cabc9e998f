package ledger

// maxRecent is how many grants of how many wallets a lane remembers at most.
const maxRecent = 100_000

// A cache has the wallets that a lane wrote last, so that the next request for one
// of them need not read it. It may be behind the store, never ahead of it: the
// store compares the Seq of every write.
type cache struct {
	wallets map[WalletID]*Wallet
	weight  int // wallets and their grants
	wary    int // how many batches not to serve from memory, after others wrote the same wallets
}

// load puts the wallets of batch on the desk and reports whether it could: all of
// them are here, and no request reads the journal.
func (c *cache) load(d *desk, batch []*job) bool {
	if c.wary > 0 {
		c.wary--
		return false
	}
	for _, j := range batch {
		if _, reads := j.request.(reading); reads {
			return false
		}
		for _, id := range walletsOf(j.request) {
			if d.wallets[id] != nil {
				continue
			}
			w, ok := c.wallets[id]
			if !ok {
				return false
			}
			d.wallets[id] = found(w)
		}
	}
	return true
}

// keep remembers the wallets of a desk whose changes were written, or forgets them
// if err says that they may not have been.
func (c *cache) keep(d *desk, err error) {
	if err != nil && retryable(err) {
		c.wary = 16
	}
	for id, r := range d.wallets {
		if err != nil {
			c.forget(id)
		} else {
			c.remember(r.wallet)
		}
	}
}

func (c *cache) remember(w *Wallet) {
	if c.wallets == nil {
		c.wallets = make(map[WalletID]*Wallet)
	}
	c.weight += weight(w) - weight(c.wallets[w.ID])
	c.wallets[w.ID] = w
	if c.weight <= maxRecent {
		return
	}
	for id := range c.wallets { // in no order: whichever comes first goes
		if c.forget(id); c.weight <= maxRecent {
			return
		}
	}
}

func (c *cache) forget(id WalletID) {
	c.weight -= weight(c.wallets[id])
	delete(c.wallets, id)
}

func weight(w *Wallet) int {
	if w == nil {
		return 0
	}
	return 1 + len(w.Grants)
}
