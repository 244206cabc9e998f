package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// every calls fn now and then until stop is called.
func every(interval time.Duration, fn func()) (stop func()) {
	ticker, end, ended := time.NewTicker(interval), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-ticker.C:
				fn()
			case <-end:
				return
			}
		}
	}()
	return func() {
		ticker.Stop()
		close(end)
		<-ended
	}
}

// progress tells the user how many of all are done, every second, until stop is called.
func progress(all int, done func() int64) (stop func()) {
	var before int64
	end := every(time.Second, func() {
		n := done()
		fmt.Fprintf(os.Stderr, "\r%d of %d, %d a second \033[K", n, all, n-before)
		before = n
	})
	return func() {
		end()
		if before > 0 {
			fmt.Fprint(os.Stderr, "\r\033[K")
		}
	}
}

// print writes what the load came to.
func (t *tally) print(out io.Writer, s *site) {
	seconds := t.Elapsed.Seconds()
	fmt.Fprintf(out, "%d operations in %.2f s: %.0f a second", t.Done, seconds, float64(t.Done)/seconds)
	if t.FirstTenth > 0 {
		fmt.Fprintf(out, ", %.0f in the first tenth", float64(t.Done)/10/t.FirstTenth.Seconds())
	}
	fmt.Fprintln(out)
	if t.Refused > 0 {
		fmt.Fprintf(out, "%d were refused: the wallet could not pay\n", t.Refused)
	}
	fmt.Fprintf(out, "latency:")
	for _, p := range []int64{500, 900, 990, 999, 1000} {
		name := fmt.Sprintf("p%g", float64(p)/10)
		if p == 1000 {
			name = "most"
		}
		fmt.Fprintf(out, " %s %v", name, t.Latency.perMille(p).Round(10*time.Microsecond))
	}
	fmt.Fprintln(out)
	each := func(n int64) float64 { return float64(n) / float64(max(t.Done, 1)) }
	fmt.Fprintf(out, "an operation: %.3f transactions, %.2f rows", each(t.Transactions), each(t.Rows))
	if s.trips != nil {
		fmt.Fprintf(out, ", %.3f round trips", each(t.Trips))
	}
	fmt.Fprintln(out)
}
