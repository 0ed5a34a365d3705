package barcode

import (
	"encoding/base32"
	"fmt"
	"io"
	"strings"
)

// A card token is "carrel:p:", 16 characters that carry 80 random bits, and one check character,
// all of Crockford's alphabet: it has no I, L, O and U, so a token copied by hand has one reading.
const (
	cardPrefix   = "carrel:p:"
	cardAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	cardLength   = 16
)

var cardEncoding = base32.NewEncoding(cardAlphabet).WithPadding(base32.NoPadding)

// lookalikes reads the letters that the alphabet leaves out as the digits they are taken for.
var lookalikes = strings.NewReplacer("O", "0", "I", "1", "L", "1")

// NewCard makes a card token of 80 bits read from rand, which should be crypto/rand.Reader.
// A token says nothing about its patron and cannot be guessed.
func NewCard(rand io.Reader) (string, error) {
	var secret [cardLength * 5 / 8]byte
	if _, err := io.ReadFull(rand, secret[:]); err != nil {
		return "", fmt.Errorf("barcode: no randomness for a card: %w", err)
	}
	body := cardEncoding.EncodeToString(secret[:])
	// Doubling leaves room for the check character, which is then what makes the remainder zero.
	check := double(remainder(body))
	return cardPrefix + body + cardAlphabet[check:check+1], nil
}

// IsCard tells whether raw is meant as a card token, right or damaged.
func IsCard(raw string) bool {
	_, ok := cardBody(raw)
	return ok
}

// ValidCard tells whether raw is a card token whose check character fits.
func ValidCard(raw string) bool {
	_, ok := Card(raw)
	return ok
}

// Card returns the token of a scanned card as NewCard wrote it, and whether its check character
// fits. Lower case is read, and so are the signs that keyboards of other languages type for a colon.
func Card(raw string) (string, bool) {
	body, ok := cardBody(raw)
	if !ok || len(body) != cardLength+1 {
		return "", false
	}
	body = lookalikes.Replace(body)
	if strings.Trim(body, cardAlphabet) != "" || remainder(body) != 0 {
		return "", false
	}
	return cardPrefix + body, true
}

// cardBody cuts the part behind the prefix, in upper case. A scanner types a colon as the key
// that an American keyboard has it on, which elsewhere is Ñ, Ö or another sign outside A to Z and 0 to 9.
func cardBody(raw string) (string, bool) {
	code := squeeze(trim(raw))
	if rest := strip(code); code != "" && code[0] == ']' {
		code = rest
	}
	rest, ok := strings.CutPrefix(code, "CARREL")
	if !ok {
		return "", false
	}
	if rest, ok = cutColon(rest); !ok {
		return "", false
	}
	if rest, ok = strings.CutPrefix(rest, "P"); !ok {
		return "", false
	}
	return cutColon(rest)
}

func cutColon(code string) (string, bool) {
	for i, r := range code {
		if i > 0 {
			return code[i:], true
		}
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return "", false
		}
	}
	return "", false
}

// remainder is the value at α of the polynomial over GF(32) whose coefficients are the characters.
// α has order 31, so no two places of a token weigh the same: any one wrong character and any two
// characters exchanged, neighbours or not, leave a remainder.
func remainder(body string) byte {
	var sum byte
	for i := range len(body) {
		sum = double(sum) ^ byte(strings.IndexByte(cardAlphabet, body[i]))
	}
	return sum
}

// double multiplies by α in GF(32) with the primitive polynomial x⁵ + x² + 1.
func double(x byte) byte {
	x <<= 1
	if x&0x20 != 0 {
		x ^= 0x25
	}
	return x
}
