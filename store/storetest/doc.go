// Package storetest checks that a [ledger.Store] keeps the contract of its port.
//
// An adapter's whole test of the contract is
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) ledger.Store {
//			return sqlite.New(openEmpty(t))
//		})
//	}
//
// and, if it can be bound to a host's transaction, the same with [RunWithin]. There
// is a case for each sentence of the port's documentation, and its name says which.
// [RunFlawed] shows that the cases would notice what can go wrong in the adapter.
// [Compare] then lets a ledger go through random scripts on the adapter and on the
// store in memory, whose books must come out equal to the last byte.
//
// [Kill] kills a process that works on the store, and [Outage] lets its server break
// down; both check that what was acknowledged is there, and nothing by half.
//
// All this knows nothing about the adapter, so what only it can show remains to be
// tested beside it: migrations, query plans, a connection lost during COMMIT, and
// records that somebody has tampered with.
//
// [Faulty] makes a store that fails on purpose, to test what is built on stores.
package storetest
