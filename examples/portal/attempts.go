package main

import (
	"hash/maphash"
	"sync"
	"time"
)

const (
	maxAttempts   = 10               // at signing in with one address
	attemptWindow = 15 * time.Minute // in so long
)

// attempts counts who tries to sign in, so that passwords cannot be guessed. It takes
// the same memory however many addresses are tried; two of them may share a count.
// The zero attempts are ready to use.
type attempts struct {
	mu     sync.Mutex
	counts [4096]attemptCount
}

type attemptCount struct {
	since  time.Time
	number int
}

var attemptSeed = maphash.MakeSeed()

// allow counts an attempt, and reports whether it may be made.
func (a *attempts) allow(email string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.of(email)
	if now.Sub(c.since) >= attemptWindow {
		c.since, c.number = now, 0
	}
	c.number++
	return c.number <= maxAttempts
}

// succeeded takes back the count of an attempt that was right.
func (a *attempts) succeeded(email string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.of(email).number--
}

func (a *attempts) of(email string) *attemptCount {
	return &a.counts[maphash.String(attemptSeed, email)%uint64(len(a.counts))]
}
