package pricing

import (
	"unicode"
	"unicode/utf8"
)

// MaxName is how many bytes a name or an ID may have.
const MaxName = 255

// checkName returns an [*InvalidError] unless s can be a name or an ID: not empty, at most
// [MaxName] bytes of UTF-8, without control characters, and without space at either end. Names
// are compared byte by byte.
func checkName(field, s string) error {
	switch {
	case s == "":
		return invalid(field, "is missing")
	case len(s) > MaxName:
		return invalid(field, "has %d bytes and may have %d", len(s), MaxName)
	case !utf8.ValidString(s):
		return invalid(field, "is not UTF-8")
	}
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	if unicode.IsSpace(first) || unicode.IsSpace(last) {
		return invalid(field, "%q has space around it", s)
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return invalid(field, "%q has a control character", s)
		}
	}
	return nil
}
