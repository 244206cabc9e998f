package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// A call is one request to a language model.
type call struct {
	row    int // in the file, from 1
	at     time.Time
	input  decimal.Decimal // tokens
	output decimal.Decimal
}

// columns are those of a usage file, in this order.
var columns = []string{"TIMESTAMP", "ContextTokens", "GeneratedTokens"}

// calls reads a usage file row by row. It ends after the first error.
func calls(usage io.Reader) iter.Seq2[call, error] {
	return func(yield func(call, error) bool) {
		rows := csv.NewReader(usage)
		rows.ReuseRecord = true
		header, err := rows.Read()
		if err == nil && !slices.Equal(header, columns) {
			err = fmt.Errorf("is %v, not %v", header, columns)
		}
		if err != nil {
			yield(call{}, fmt.Errorf("header: %w", err))
			return
		}
		for n := 1; ; n++ {
			fields, err := rows.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			c := call{row: n}
			if err == nil {
				err = c.parse(fields)
			}
			if err != nil {
				err = fmt.Errorf("row %d: %w", n, err)
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

func (c *call) parse(fields []string) (err error) {
	if c.at, err = time.Parse(time.DateTime, fields[0]); err != nil { // and a fraction, if there is one
		return err
	}
	if c.input, err = decimal.NewFromString(fields[1]); err != nil {
		return err
	}
	c.output, err = decimal.NewFromString(fields[2])
	return err
}
