package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRowsThatAreNoCallsAreRefusedByNumber(t *testing.T) {
	t.Parallel()
	header := strings.Join(columns, ",")
	for _, c := range []struct{ name, file, want string }{
		{"an empty file", "", "header"},
		{"another header", "time,in,out\n", "header: is [time in out], not"},
		{"a field too few", header + "\n2023-11-16 18:17:03,1\n", "row 1"},
		{"no time", header + "\n2023-11-16 18:17:03,1,1\nnoon,1,1\n", "row 2"},
		{"no number", header + "\n2023-11-16 18:17:03,1,many\n", "row 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var last error
			for _, err := range calls(strings.NewReader(c.file)) {
				require.NoError(t, last, "a row after an error")
				last = err
			}
			require.ErrorContains(t, last, c.want)
		})
	}
}
