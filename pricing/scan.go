package pricing

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// A scanner steps through JSON that is known to be well formed, and knows where it is. That the
// text is well formed is checked before, by encoding/json, so a scanner needs no errors.
type scanner struct {
	data []byte
	pos  int
}

// wellFormed returns an *InvalidError, with its position, unless data is one JSON value in UTF-8.
func wellFormed(data []byte) error {
	if !utf8.Valid(data) {
		bad := len(data) - len(bytes.TrimLeftFunc(data, func(r rune) bool { return r != utf8.RuneError }))
		return locatedAt(data, bad, "file", "is not UTF-8")
	}
	if json.Valid(data) {
		return nil
	}
	switch err := json.NewDecoder(bytes.NewReader(data)).Decode(new(json.RawMessage)); {
	case errors.Is(err, io.EOF):
		return locatedAt(data, len(data), "file", "is empty")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return locatedAt(data, len(data), "file", "ends in the middle: a part of it is missing")
	}
	err := json.Unmarshal(data, new(json.RawMessage))
	offset := len(data)
	if syntax, ok := err.(*json.SyntaxError); ok { //nolint:errorlint // Unmarshal returns it as it is
		offset = max(0, int(syntax.Offset)-1)
	}
	return locatedAt(data, offset, "file", "is not JSON: "+err.Error())
}

// locatedAt returns an *InvalidError at an offset of data.
func locatedAt(data []byte, offset int, field, reason string) error {
	before := data[:min(offset, len(data))]
	return &InvalidError{
		Field: field, Reason: reason,
		Line:   1 + bytes.Count(before, []byte("\n")),
		Column: len(before) - bytes.LastIndexByte(before, '\n'),
	}
}

// peek skips space and returns the byte at which the next token starts.
func (s *scanner) peek() byte {
	for {
		switch c := s.data[s.pos]; c {
		case ' ', '\t', '\r', '\n':
			s.pos++
		default:
			return c
		}
	}
}

// colon steps over the colon behind a name.
func (s *scanner) colon() {
	s.peek()
	s.pos++
}

// more reports whether a list or an object has another element, and steps to it. It is called
// once before each element, and steps over the closing bracket after the last.
func (s *scanner) more() bool {
	switch s.peek() {
	case ']', '}':
		s.pos++
		return false
	case ',':
		s.pos++
	}
	return true
}

// key returns the name of a member of an object, and steps to its value.
func (s *scanner) key() string {
	s.peek()
	k := unquote(s.skip())
	s.colon()
	return k
}

// skip steps over a value and returns its text.
func (s *scanner) skip() []byte {
	s.peek()
	start, depth := s.pos, 0
	for {
		switch s.peek() {
		case '{', '[':
			depth++
			s.pos++
		case '}', ']':
			depth--
			s.pos++
		case ',', ':':
			s.pos++
			continue
		case '"':
			s.skipString()
		default:
			s.skipWord()
		}
		if depth == 0 {
			return s.data[start:s.pos]
		}
	}
}

func (s *scanner) skipString() {
	for s.pos++; s.data[s.pos] != '"'; s.pos++ {
		if s.data[s.pos] == '\\' {
			s.pos++
		}
	}
	s.pos++
}

// skipWord steps over a number, true, false or null.
func (s *scanner) skipWord() {
	for s.pos < len(s.data) && !strings.ContainsRune(" \t\r\n,:]}", rune(s.data[s.pos])) {
		s.pos++
	}
}

// unquote returns the text of a JSON string.
func unquote(raw []byte) string {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	var text string
	_ = json.Unmarshal(raw, &text) // well formed, so it cannot fail
	return text
}

// locate returns where in data the value at path begins. If the last part of the path is not
// there, as with a field that is missing, it returns where the value begins that lacks it.
func locate(data []byte, path string) int {
	s := &scanner{data: data}
	for {
		s.peek()
		at := s.pos
		rest, found := s.descend(path)
		if !found {
			return at
		}
		path = rest
	}
}

// descend steps into the element of a list or an object that path begins with, and returns the
// rest of the path.
func (s *scanner) descend(path string) (rest string, found bool) {
	if path == "" {
		return "", false
	}
	switch s.peek() {
	case '[':
		s.pos++
		for i := 0; s.more(); i++ {
			if rest, ok := strings.CutPrefix(path, index("", i)); ok {
				return strings.TrimPrefix(rest, "."), true
			}
			s.skip()
		}
	case '{':
		s.pos++
		for s.more() {
			rest, ok := strings.CutPrefix(path, s.key())
			if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
				return strings.TrimPrefix(rest, "."), true
			}
			s.skip()
		}
	}
	return "", false
}
