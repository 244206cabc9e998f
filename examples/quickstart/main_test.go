package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// metered runs the program on a usage file, in books at path, and returns what it
// prints.
func metered(t *testing.T, usage io.Reader, path string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), &out, "usage.csv", usage, path)
	return out.String(), err
}

func golden(t *testing.T) string {
	t.Helper()
	want, err := os.ReadFile("testdata/output.txt")
	require.NoError(t, err)
	return string(want)
}

func TestTheProgramPrintsWhatItShould(t *testing.T) {
	t.Parallel()
	got, err := metered(t, bytes.NewReader(sample), filepath.Join(t.TempDir(), "books.db"))
	require.NoError(t, err)
	require.Equal(t, golden(t), got)
}

func TestTheProgramCanBeStoppedAndRunAgainOnTheSameBooks(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "books.db")
	torn := errors.New("the disk is gone")
	_, err := metered(t, io.MultiReader(bytes.NewReader(sample[:9_000]), iotest.ErrReader(torn)), path)
	require.ErrorIs(t, err, torn)
	for range 2 {
		got, err := metered(t, bytes.NewReader(sample), path)
		require.NoError(t, err)
		require.Equal(t, golden(t), got)
	}
}

// counted is what a usage file holds, counted without any code of the program.
type counted struct{ calls, input, output, credits int }

func count(t *testing.T, usage []byte) (c counted) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSpace(string(usage)), "\n")[1:] {
		fields := strings.Split(line, ",")
		input, err := strconv.Atoi(fields[1])
		require.NoError(t, err)
		output, err := strconv.Atoi(fields[2])
		require.NoError(t, err)
		c.calls++
		c.input += input
		c.output += output
		c.credits += (input+999)/1_000 + 3*((output+999)/1_000)
	}
	return c
}

func TestWhatIsChargedIsWhatTheFileCounts(t *testing.T) {
	t.Parallel()
	want := count(t, sample)
	b, err := openBooks(t.Context(), filepath.Join(t.TempDir(), "books.db"))
	require.NoError(t, err)
	defer b.close()
	require.NoError(t, b.meter(t.Context(), "usage.csv", calls(bytes.NewReader(sample))))
	all, total, err := b.accounts(t.Context())
	require.NoError(t, err)
	require.Equal(t, fmt.Sprint(want), fmt.Sprintf("{%d %v %v %v}", total.calls, total.input, total.output, total.credits))
	for _, a := range all {
		paid := a.overage
		for _, amount := range a.paid {
			paid = paid.Add(amount)
		}
		require.True(t, paid.Equal(a.credits), "%s: %v was paid of %v", a.name, paid, a.credits)
	}

	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	n := func(i int) string { return number(decimal.NewFromInt(int64(i))) }
	for _, claim := range []string{
		n(want.calls) + " requests", n(want.input) + " input tokens", n(want.output) + " output tokens", n(want.credits) + " credits",
	} {
		require.Contains(t, string(readme), claim)
	}
}

func TestProgressIsShownOnATerminalOnly(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "not-a-terminal"))
	require.NoError(t, err)
	defer file.Close()
	_, err = io.Copy(io.Discard, watched(bytes.NewReader(sample), int64(len(sample)), file))
	require.NoError(t, err)
	info, err := file.Stat()
	require.NoError(t, err)
	require.Zero(t, info.Size())

	var shown bytes.Buffer
	p := &progress{out: &shown, size: 4}
	for range 4 {
		_, err := p.Write([]byte("x"))
		require.NoError(t, err)
	}
	const empty = "\r\x1b[K"
	require.Equal(t, empty+"metering: 25 %"+empty+"metering: 50 %"+empty+"metering: 75 %"+empty, shown.String())
}
