// Package pricing says what use costs in credits, and what credits cost in money.
//
// It is pure: no I/O but reading a catalog, no clock, no state. It answers with a price and with
// the working that led to it.
package pricing
