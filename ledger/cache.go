package ledger

// maxRecent is how many grants of how many wallets a lane remembers at most.
const maxRecent = 100_000

// A cache has the wallets that a lane read or wrote last, or is just writing, so that
// the next request for one of them need not read it. It may be behind the store, which
// compares the Seq of every write.
type cache struct {
	tips   map[WalletID]tip
	weight int // wallets and their grants
	wary   int // how many requests not to serve from memory, after others wrote the same wallets
}

// load puts the wallets of r on the desk and reports whether it could: all of them are
// here or there, and r does not read the journal.
func (c *cache) load(d *desk, r Request) bool {
	if c.wary > 0 {
		c.wary--
		return false
	}
	if _, reads := r.(reading); reads {
		return false
	}
	for id := range walletsOf(r) {
		if d.wallets[id] != nil {
			continue
		}
		t, ok := c.tips[id]
		if !ok {
			return false
		}
		d.wallets[id] = found(t)
	}
	return true
}

// keep remembers the wallets of a desk whose changes are written, or about to be.
func (c *cache) keep(d *desk) {
	for _, r := range d.wallets {
		c.remember(r.tip())
	}
}

// lose forgets the wallets of a desk whose changes may not have been written, because
// of err.
func (c *cache) lose(d *desk, err error) {
	if retryable(err) {
		c.wary = max(c.wary, 16*len(d.wallets))
	}
	for id := range d.wallets {
		c.forget(id)
	}
}

// leave forgets the wallets of jobs that have yet to be decided.
func (c *cache) leave(jobs []*job) {
	for _, j := range jobs {
		for id := range walletsOf(j.request) {
			c.forget(id)
		}
	}
}

func (c *cache) remember(t tip) {
	if c.tips == nil {
		c.tips = make(map[WalletID]tip)
	}
	c.weight += t.weight() - c.tips[t.wallet.ID].weight()
	c.tips[t.wallet.ID] = t
	if c.weight <= maxRecent {
		return
	}
	for id := range c.tips { // in no order: whichever comes first goes
		if c.forget(id); c.weight <= maxRecent {
			return
		}
	}
}

func (c *cache) forget(id WalletID) {
	c.weight -= c.tips[id].weight()
	delete(c.tips, id)
}

func (t tip) weight() int {
	if t.wallet == nil {
		return 0
	}
	return 1 + len(t.wallet.Grants)
}
