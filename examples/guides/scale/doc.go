// Package scale is a guide: how far one process and one database go, and what to do
// beyond. Everything it says is shown by an example of that name in example_test.go,
// on SQLite files that stand for servers; shards_test.go is the routing. What needs
// PostgreSQL is proven by the tests of store/postgres.
//
// # Measure first
//
//	go run ./examples/load -store postgres://... -callers 32
//
// tells how many charges a second your own machine and database make, how long they
// take, what each writes, and that the books are right afterwards. Most products end
// reading here. Note what a charge costs in disk as well: journals are kept for ever,
// and an entry is about half a kilobyte.
//
// # Callers
//
// Call from as many goroutines as you have requests; there is nothing to queue or to
// batch by hand. Requests that come while a transaction commits gather and share the
// next one, and even one hot wallet does not make 32 callers wait for each other's
// locks (Example_hotWallet). A single caller in a loop
// gets the latency of the database, one charge after the other, and nothing can change
// that: whoever imports or replays does it with 32 (see the guide migrate).
//
// A Ledger has lanes, each with wallets of its own and one transaction under way. Two
// are enough beside the database; with a network in between set Config.Lanes to 4 or
// 8. A pool needs a connection for each lane, and some for reading.
//
// Transactions of your own, through In, are outside of that: each is alone.
//
// # Processes
//
// Any number of processes may work on one store, on the same wallets
// (Example_processes). Each batch names the line of the journal that it continues, and
// is decided anew if another came between, so nothing is lost and no limit exceeded.
// Two processes that fight for one hot wallet decide some of their work twice: if you
// can, send the requests of a wallet to the same process, by hash of its ID. That is an
// optimization only, and may be wrong at times.
//
// SQLite lets one process write at a time. More than one works; they take turns.
//
// # Many wallets in one organization
//
// One wallet for each customer is right even if ten thousand users share it: use
// Limits per actor to divide it. What does not fit into one wallet is grants that are
// open at the same time, for each charge is decided over all of them. Do not issue a
// grant a day that never expires.
//
// # Shards
//
// When one server is full, put wallets on several. All keys lead with the wallet and
// nothing is global, so plain servers are enough, each with books of its own, and a
// function from WalletID to server (Example_shards). The ID is derived from the key
// with which the wallet was opened, so no table says where a wallet is.
//
// Hash to a fixed number of slots, more than you will ever have servers, and keep a
// short list of which server has which slots. A slot moves to a new server by copying
// its rows as they are while nobody writes to it; Verify on the new server shows that
// they arrived whole (Example_moveSlot). Hash to the number of servers instead, and a
// third server moves two wallets of three.
//
// Run a sweep for each shard (Example_sweeps), a backup for each, a verification for
// each. Reports are made for each and added up; they are sums (Example_report). What
// does not add up, such as a percentage, has to be computed from the sums.
//
// # What shards cannot do
//
//   - Ledger.Transfer and Ledger.Together are one transaction, so their wallets must be
//     on one shard. Between shards a transfer is two requests, with keys of one name:
//     note down what is to move, take it here, give it there, and do both again until
//     both have answered (Example_transfer). In between, the credits are in neither
//     wallet. The money that was paid for them stays with the first, whose reports
//     count them as voided; if finance needs it to travel, put the two wallets on one
//     shard.
//   - An invoice that several wallets pay is one transaction, too. Route all wallets of
//     a customer by the customer's name, not by their own (Example_together).
//   - In(Within(tx)) needs your rows on the same server as the wallet. Shard both by
//     customer, or do without.
//
// # Citus and other distributed PostgreSQL
//
// store/postgres brings citus.sql, to be run once after Migrate: it distributes the
// three tables by wallet, so that an operation on one wallet is a transaction of one
// node. Set Config.Sharded. Transfers then work between all wallets, in two phases.
// What visits every node are sweeps, looking for notices, and lists of wallets. The
// tests run every statement of that mode on a plain server and check that it names one
// wallet; run them, and examples/load, on your cluster before you rely on it. Databases
// that answer 40001 to a lost race are retried.
//
// # What does not help
//
// A queue in front of charges, since you then cannot refuse; a cache of balances, since
// it is wrong when it matters; sharding one wallet by hand into several, since what is
// left in one cannot pay in the other. Ask for less instead: charge once for a request
// of many items, with Uses, and hold once for a stream.
package scale
