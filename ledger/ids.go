package ledger

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// A WalletID names a wallet. It is derived from the key with which the wallet was
// opened, see [WalletIDOf], so a host need not keep it.
type WalletID uuid.UUID

// walletSpace is the namespace of wallet IDs in the sense of RFC 9562, section 5.5.
var walletSpace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://github.com/scrip-go/scrip#wallet"))

// WalletIDOf returns the ID of the wallet that was, or will be, opened with key.
func WalletIDOf(key string) WalletID { return WalletID(uuid.NewSHA1(walletSpace, []byte(key))) }

// ParseWalletID returns the ID that s, the result of [WalletID.String], stands for.
func ParseWalletID(s string) (WalletID, error) {
	id, err := uuid.Parse(s)
	if err != nil {
		return WalletID{}, invalid("WalletID", "%q is not a UUID", s)
	}
	return WalletID(id), nil
}

// IsZero reports whether id names no wallet.
func (id WalletID) IsZero() bool { return id == WalletID{} }

// Compare orders IDs byte by byte, the order in which stores lock wallets.
func (id WalletID) Compare(other WalletID) int {
	return bytes.Compare(id[:], other[:])
}

func (id WalletID) String() string { return uuid.UUID(id).String() }

// AppendText implements [encoding.TextAppender].
func (id WalletID) AppendText(b []byte) ([]byte, error) {
	var text [36]byte
	hex.Encode(text[:8], id[:4])
	hex.Encode(text[9:13], id[4:6])
	hex.Encode(text[14:18], id[6:8])
	hex.Encode(text[19:23], id[8:10])
	hex.Encode(text[24:], id[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return append(b, text[:]...), nil
}

// MarshalText implements [encoding.TextMarshaler].
func (id WalletID) MarshalText() ([]byte, error) { return id.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (id *WalletID) UnmarshalText(text []byte) error { return (*uuid.UUID)(id).UnmarshalText(text) }

// An EntryID names one line of the journal: the Seq-th of its wallet, from 1.
type EntryID struct {
	WalletID WalletID `json:"wallet_id"`
	Seq      int64    `json:"seq"`
}

// IsZero reports whether id names no entry.
func (id EntryID) IsZero() bool { return id == EntryID{} }

func (id EntryID) String() string { return fmt.Sprintf("%v/%d", id.WalletID, id.Seq) }

// A GrantID names a grant within its wallet by the entry that issued it and the
// grant's place in that entry, from 1. Its text form is "12.1".
type GrantID struct {
	Seq int64
	N   int
}

// ParseGrantID returns the ID that s, the result of [GrantID.String], stands for.
func ParseGrantID(s string) (GrantID, error) {
	var id GrantID
	err := id.UnmarshalText([]byte(s))
	return id, err
}

// IsZero reports whether id names no grant.
func (id GrantID) IsZero() bool { return id == GrantID{} }

// Compare orders grants of a wallet by when they were issued.
func (id GrantID) Compare(other GrantID) int {
	return cmp.Or(cmp.Compare(id.Seq, other.Seq), cmp.Compare(id.N, other.N))
}

func (id GrantID) String() string {
	text, _ := id.AppendText(nil)
	return string(text)
}

// AppendText implements [encoding.TextAppender].
func (id GrantID) AppendText(b []byte) ([]byte, error) {
	if id.IsZero() {
		return b, nil
	}
	b = strconv.AppendInt(b, id.Seq, 10)
	b = append(b, '.')
	return strconv.AppendInt(b, int64(id.N), 10), nil
}

// MarshalText implements [encoding.TextMarshaler].
func (id GrantID) MarshalText() ([]byte, error) { return id.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. The empty text is the zero
// ID; anything but the form that [GrantID.String] writes is refused.
func (id *GrantID) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*id = GrantID{}
		return nil
	}
	seq, n, _ := strings.Cut(string(text), ".")
	var err1, err2 error
	var got GrantID
	got.Seq, err1 = strconv.ParseInt(seq, 10, 64)
	got.N, err2 = strconv.Atoi(n)
	if err1 != nil || err2 != nil || got.Seq < 1 || got.N < 1 || got.String() != string(text) {
		return invalid("GrantID", "%q is not of the form 12.1", text)
	}
	*id = got
	return nil
}

// A HoldID names a hold within its wallet: the Seq of the entry that opened it.
type HoldID int64
