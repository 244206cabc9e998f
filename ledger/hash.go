package ledger

import (
	"crypto/sha256"
	"encoding/hex"
)

// A Hash is a SHA-256 digest.
type Hash [sha256.Size]byte

// HashOf returns the hash of v's JSON text, in which fields without a tag are left
// out if they are zero. It is the same in every process, so that it can be kept. It
// panics if v holds anything but plain values, times and the types of this package.
func HashOf(v any) Hash { return digest("", v) }

// IsZero reports whether h is not set.
func (h Hash) IsZero() bool { return h == Hash{} }

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// AppendText implements [encoding.TextAppender].
func (h Hash) AppendText(b []byte) ([]byte, error) { return hex.AppendEncode(b, h[:]), nil }

// MarshalText implements [encoding.TextMarshaler].
func (h Hash) MarshalText() ([]byte, error) { return h.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(h)) {
		return invalid("Hash", "has %d characters, not %d", len(text), hex.EncodedLen(len(h)))
	}
	_, err := hex.Decode(h[:], text)
	return err
}
