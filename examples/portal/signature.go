package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	signatureHeader = "Webhook-Signature"
	signatureLife   = 5 * time.Minute // how long a signature is accepted: what was listened to is of no use later
)

// A signature of a message is "TIME.HMAC": the second at which it was made, and the
// HMAC-SHA-256 in hexadecimal of TIME, a dot and the message.
type signature string

// sign returns the signature of a message at an instant.
func sign(message, secret []byte, at time.Time) signature {
	second := strconv.FormatInt(at.Unix(), 10)
	return signature(second + "." + hex.EncodeToString(mac(second, message, secret)))
}

// signs reports whether s is a signature of message that was made with secret not
// long before or after now.
func (s signature) signs(message, secret []byte, now time.Time) bool {
	second, sum, _ := strings.Cut(string(s), ".")
	made, err := strconv.ParseInt(second, 10, 64)
	if err != nil || now.Sub(time.Unix(made, 0)).Abs() > signatureLife {
		return false
	}
	have, err := hex.DecodeString(sum)
	return err == nil && hmac.Equal(have, mac(second, message, secret))
}

func mac(second string, message, secret []byte) []byte {
	m := hmac.New(sha256.New, secret)
	fmt.Fprintf(m, "%s.%s", second, message) // never fails
	return m.Sum(nil)
}
