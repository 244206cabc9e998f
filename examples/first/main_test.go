package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheReadmeShowsThisProgramAndWhatItPrints keeps the README honest.
func TestTheReadmeShowsThisProgramAndWhatItPrints(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	source, err := os.ReadFile("main.go")
	require.NoError(t, err)
	_, program, ok := strings.Cut(string(source), "package main\n")
	require.True(t, ok)
	require.Contains(t, string(readme), "```go\npackage main\n"+program+"```")

	printed, err := exec.Command("go", "run", ".").Output()
	require.NoError(t, err)
	for line := range strings.Lines(string(printed)) {
		require.Contains(t, string(readme), "    "+line)
	}
}
