package parser

import "encoding/json"

// scan validates a JSON document and its limits, and splits it if it is an array:
// all in one pass, because it runs for every event. Without an array elements is
// nil. ok is false for what encoding/json would not accept, and for a document
// that is nested deeper or has more values than l allows. Values are counted by
// commas and opening brackets.
func scan(text []byte, l Limits) (elements []json.RawMessage, ok bool) {
	s := scanner{text: text, limits: l}
	s.space()
	if s.peek() == '[' {
		elements, ok = s.elements()
	} else {
		ok = s.value()
	}
	s.space()
	return elements, ok && s.at == len(text)
}

// scanner reads JSON. Its methods report whether what they read is valid, and
// leave at behind it.
type scanner struct {
	text          []byte
	at            int
	depth, values int
	limits        Limits
}

// peek returns the next byte; 0, which begins nothing, at the end.
func (s *scanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *scanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

// elements reads an array and returns its elements.
func (s *scanner) elements() (all []json.RawMessage, ok bool) {
	ok = s.list(']', func() bool {
		start := s.at
		if !s.value() {
			return false
		}
		all = append(all, s.text[start:s.at])
		return true
	})
	return all, ok
}

// list reads an array or an object whose entries entry reads.
func (s *scanner) list(end byte, entry func() bool) bool {
	s.at++
	s.depth++
	s.values++
	if s.depth > s.limits.MaxDepth || s.values > s.limits.MaxValues {
		return false
	}
	s.space()
	if s.peek() == end {
		s.at++
		s.depth--
		return true
	}
	for entry() {
		s.space()
		switch s.peek() {
		case end:
			s.at++
			s.depth--
			return true
		case ',':
			s.at++
		default:
			return false
		}
		if s.values++; s.values > s.limits.MaxValues {
			return false
		}
		s.space()
	}
	return false
}

func (s *scanner) value() bool {
	switch c := s.peek(); c {
	case '{':
		return s.list('}', s.member)
	case '[':
		return s.list(']', s.value)
	case '"':
		return s.string()
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	default:
		return s.number()
	}
}

// member reads a key and a value of an object.
func (s *scanner) member() bool {
	if s.peek() != '"' || !s.string() {
		return false
	}
	s.space()
	if s.peek() != ':' {
		return false
	}
	s.at++
	s.space()
	return s.value()
}

func (s *scanner) word(word string) bool {
	if len(s.text)-s.at < len(word) || string(s.text[s.at:s.at+len(word)]) != word {
		return false
	}
	s.at += len(word)
	return true
}

func (s *scanner) string() bool {
	for s.at++; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return true
		case c < ' ':
			return false
		case c == '\\' && !s.escape():
			return false
		}
	}
	return false
}

// escape reads an escape in a string; it leaves at on its last byte.
func (s *scanner) escape() bool {
	s.at++
	switch s.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return true
	case 'u':
	default:
		return false
	}
	for range 4 {
		s.at++
		switch c := s.peek(); {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
		default:
			return false
		}
	}
	return true
}

func (s *scanner) number() bool {
	if s.peek() == '-' {
		s.at++
	}
	if s.peek() == '0' {
		s.at++ // no digit follows a leading zero
	} else if !s.digits() {
		return false
	}
	if s.peek() == '.' {
		s.at++
		if !s.digits() {
			return false
		}
	}
	if c := s.peek(); c != 'e' && c != 'E' {
		return true
	}
	s.at++
	if c := s.peek(); c == '+' || c == '-' {
		s.at++
	}
	return s.digits()
}

// digits reads one digit or more.
func (s *scanner) digits() bool {
	start := s.at
	for c := s.peek(); c >= '0' && c <= '9'; c = s.peek() {
		s.at++
	}
	return s.at > start
}
