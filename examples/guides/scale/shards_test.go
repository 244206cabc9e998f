package scale_test

import (
	"encoding/binary"
	"fmt"

	"github.com/scrip-go/scrip/ledger"
)

// slots is how many parts the wallets are divided into. It never changes; which shard
// has a slot may.
const slots = 1024

// slotOf returns the part that a wallet belongs to. An ID is a hash already, so any of
// its bytes spread well.
func slotOf(id ledger.WalletID) int {
	return int(binary.BigEndian.Uint64(id[8:]) % slots)
}

// A cluster is books on several shards. Every process has the same.
type cluster struct {
	shards []*shard
	home   [slots]int // of each slot, an index of shards
}

// openCluster opens n shards in a directory, with the slots dealt out in turn.
func openCluster(dir string, n int, cfg ledger.Config) *cluster {
	c := new(cluster)
	for i := range n {
		c.shards = append(c.shards, openShard(file(dir, fmt.Sprint("shard-", i)), cfg))
	}
	for slot := range c.home {
		c.home[slot] = slot % n
	}
	return c
}

// of returns the shard that has a wallet.
func (c *cluster) of(id ledger.WalletID) *shard { return c.shards[c.home[slotOf(id)]] }

// named returns the shard that has, or will have, the wallet with that key.
func (c *cluster) named(key string) *shard { return c.of(ledger.WalletIDOf(key)) }

func (c *cluster) shut() {
	for _, s := range c.shards {
		s.shut()
	}
}
