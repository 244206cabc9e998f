package main

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// passwordRounds is how often a password is hashed: as often as a sign-in can take,
// so that guessing takes long. Raise it as machines get faster; each hash says how
// often it was.
const passwordRounds = 600_000

// maxPassword is how many bytes a password may have.
const maxPassword = 200

// hashPassword returns what is kept of a password: "rounds$salt$hash".
func hashPassword(password string, rounds int) (string, error) {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	hash, err := pbkdf2.Key(sha256.New, password, salt, rounds, sha256.Size)
	if err != nil {
		return "", err
	}
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("%d$%s$%s", rounds, encode(salt), encode(hash)), nil
}

// isPassword reports whether password is the one of which kept was kept.
func isPassword(password, kept string) bool {
	part := strings.Split(kept, "$")
	if len(part) != 3 {
		return false
	}
	rounds, err1 := strconv.Atoi(part[0])
	salt, err2 := base64.RawStdEncoding.DecodeString(part[1])
	want, err3 := base64.RawStdEncoding.DecodeString(part[2])
	if errors.Join(err1, err2, err3) != nil {
		return false
	}
	have, err := pbkdf2.Key(sha256.New, password, salt, rounds, sha256.Size)
	return err == nil && subtle.ConstantTimeCompare(have, want) == 1
}
