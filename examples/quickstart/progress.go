package main

import (
	"fmt"
	"io"
	"os"
)

// progress shows, on one line that it overwrites, how much of a file has been read.
// It is told by being written what was read.
type progress struct {
	out        io.Writer
	read, size int64 // bytes
}

// watched returns r such that reading it shows progress, if f is a terminal.
func watched(r io.Reader, size int64, f *os.File) io.Reader {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return r
	}
	return io.TeeReader(r, &progress{out: f, size: size})
}

// Write implements io.Writer.
func (p *progress) Write(b []byte) (int, error) {
	p.read += int64(len(b))
	line := "\r\x1b[K" // an empty one
	if p.read < p.size {
		line += fmt.Sprintf("metering: %d %%", 100*p.read/p.size)
	}
	_, err := io.WriteString(p.out, line)
	return len(b), err
}
