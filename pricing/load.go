package pricing

import (
	"encoding/json"
	"io"
)

// Load reads a catalog from a JSON file. It is strict: see [InvalidError] for what an error says.
func Load(r io.Reader) (*Catalog, error) {
	var c Catalog
	if err := json.NewDecoder(r).Decode(&c); err != nil {
		return nil, within("file", err)
	}
	return New(c)
}
