package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync/atomic"
	"time"
)

// workerEnv has the settings of a process that another one has started.
const workerEnv = "SCRIP_LOAD_WORKER"

// A message is what a worker says to the process that has started it: that it is
// ready, how far it is, and in the end what it came to. It begins when its input
// ends.
type message struct {
	Done  int64
	Tally *tally
}

// beWorker does one worker's share of the load.
func beWorker(ctx context.Context, text string) error {
	var s settings
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return err
	}
	l, err := newLoad(s)
	if err != nil {
		return err
	}
	site, err := openSite(ctx, s.Store)
	if err != nil {
		return err
	}
	defer site.close()
	m := &meter{Store: site.store}
	books := l.newBooks(m)
	say := json.NewEncoder(os.Stdout)
	if err := say.Encode(message{}); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	var done atomic.Int64
	stop := every(time.Second/4, func() { _ = say.Encode(message{Done: done.Load()}) })
	t, err := l.work(ctx, books, m, site, &done)
	stop()
	if err != nil {
		return err
	}
	return errors.Join(say.Encode(message{Tally: t}), books.Close(ctx))
}

// A worker is a process that does its share.
type worker struct {
	command *exec.Cmd
	start   io.Closer
	says    *json.Decoder
	done    atomic.Int64
}

// startWorker starts a process and waits until it is ready.
func startWorker(ctx context.Context, s settings) (*worker, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, self)
	c.Env = append(os.Environ(), workerEnv+"="+s.encode())
	c.Stderr = os.Stderr
	start, err := c.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	w := &worker{command: c, start: start, says: json.NewDecoder(out)}
	return w, w.says.Decode(new(message))
}

// work has the process do its share, and waits for it.
func (w *worker) work() (*tally, error) {
	if err := w.start.Close(); err != nil {
		return nil, err
	}
	var m message
	for m.Tally == nil {
		if err := w.says.Decode(&m); err != nil {
			return nil, fmt.Errorf("a worker said nothing more: %w", errors.Join(err, w.command.Wait()))
		}
		w.done.Store(max(m.Done, w.done.Load()))
	}
	w.done.Store(m.Tally.Done)
	return m.Tally, w.command.Wait()
}

// workTogether has as many processes as there are to be do the load.
func (l *load) workTogether(ctx context.Context) (*tally, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends those that are left if one fails
	var workers []*worker
	for i := range l.Processes {
		s := l.settings
		s.Worker = i
		w, err := startWorker(ctx, s)
		if err != nil {
			return nil, err
		}
		workers = append(workers, w)
	}
	defer progress(l.Operations, func() (n int64) {
		for _, w := range workers {
			n += w.done.Load()
		}
		return n
	})()
	tallies := make([]*tally, len(workers))
	began := time.Now()
	err := each(len(workers), len(workers), func(i int) (err error) {
		tallies[i], err = workers[i].work()
		return err
	})
	if err != nil {
		return nil, err
	}
	var all tally
	for _, t := range tallies {
		all.merge(t)
	}
	all.Elapsed = time.Since(began)
	return &all, nil
}
