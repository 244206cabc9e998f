package main

import (
	"math/bits"
	"time"
)

// A histogram counts durations, rounded to within 1/32 of them. It is a value that
// can be sent to another process.
type histogram []int64

// add counts d.
func (h *histogram) add(d time.Duration) {
	place := placeOf(uint64(max(d, 0)))
	h.reach(place + 1)
	(*h)[place]++
}

// reach gives h at least n places.
func (h *histogram) reach(n int) {
	if n > len(*h) {
		*h = append(*h, make([]int64, n-len(*h))...)
	}
}

// merge counts all that other has counted.
func (h *histogram) merge(other histogram) {
	h.reach(len(other))
	for i, n := range other {
		(*h)[i] += n
	}
}

// percentile returns the duration that p per mille of those counted do not exceed.
func (h histogram) perMille(p int64) time.Duration {
	var all, below int64
	for _, n := range h {
		all += n
	}
	for place, n := range h {
		if below += n; below*1000 >= all*p && n > 0 {
			return time.Duration(valueAt(place))
		}
	}
	return 0
}

// Values below 64 have a place of their own; above that, each power of two has 32.
func placeOf(v uint64) int {
	if v < 64 {
		return int(v)
	}
	shift := bits.Len64(v) - 6
	return shift*32 + int(v>>shift)
}

// valueAt returns the largest value that has that place.
func valueAt(place int) uint64 {
	if place < 64 {
		return uint64(place)
	}
	shift := place/32 - 1
	return (uint64(place-shift*32)+1)<<shift - 1
}
