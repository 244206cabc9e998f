package pricing

import (
	"errors"
	"io"
)

// MaxFile is how many bytes a catalog file may have.
const MaxFile = 32 << 20

// Load reads a catalog from JSON, strictly: an unknown or repeated field, null, or anything that
// [New] refuses is an [*InvalidError] that says where in the file it is, which field and why.
// [Schema] describes the file. Load returns the errors of r as they are.
func Load(r io.Reader) (*Catalog, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxFile {
		return nil, invalid("file", "has more than %d bytes", MaxFile)
	}
	var c Catalog
	if err := decode(data, &c); err != nil {
		return nil, err
	}
	complete, err := New(c)
	if e, ok := errors.AsType[*InvalidError](err); ok {
		return nil, locatedAt(data, locate(data, e.Field), e.Field, e.Reason)
	}
	return complete, err
}
