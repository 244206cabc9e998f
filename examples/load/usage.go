package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/shopspring/decimal"
)

// A use is one call of a model, in tokens.
type use struct{ input, output decimal.Decimal }

// readUsage reads a file with a row for each call: when it arrived, how many tokens
// went in, and how many came out.
func readUsage(path string) ([]use, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows := csv.NewReader(file)
	head, err := rows.Read()
	if err != nil || !slices.Equal(head, []string{"TIMESTAMP", "ContextTokens", "GeneratedTokens"}) {
		return nil, fmt.Errorf("%s has another heading than TIMESTAMP,ContextTokens,GeneratedTokens: %q", path, head)
	}
	var uses []use
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return uses, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		u, err := parseUse(row)
		if err != nil {
			line, _ := rows.FieldPos(0)
			return nil, fmt.Errorf("%s:%d: %w", path, line, err)
		}
		uses = append(uses, u)
	}
}

func parseUse(row []string) (u use, err error) {
	if u.input, err = decimal.NewFromString(row[1]); err != nil {
		return u, err
	}
	u.output, err = decimal.NewFromString(row[2])
	return u, err
}
