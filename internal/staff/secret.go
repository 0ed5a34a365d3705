package staff

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"strings"
)

// The letters of what the server makes for people to type: nothing that looks like something else. A password is in small letters, which every keyboard has at hand,
// and without vowels, so that it can spell no word.
const (
	passwordLetters = "bcdfghjkmnpqrstvwxyz23456789"
	codeLetters     = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
)

// NewPassword makes a password of three groups of five, "bk4mq-7xtrn-w9hcd": 28 letters in 15 places are 72 bits.
func NewPassword() (string, error) { return groups(passwordLetters, 3, 5) }

// newCode makes a recovery code of three groups of four: 32 letters in 12 places are 60 bits.
func newCode() (string, error) { return groups(codeLetters, 3, 4) }

func groups(letters string, n, size int) (string, error) {
	made := make([]string, n)
	for i := range made {
		for range size {
			at, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
			if err != nil {
				return "", err
			}
			made[i] += string(letters[at.Int64()])
		}
	}
	return strings.Join(made, "-"), nil
}

// hash is a code as it is kept, however it was typed: capitals, blanks and hyphens do not count.
func hash(code string) string {
	typed := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(code))
	sum := sha256.Sum256([]byte(typed))
	return hex.EncodeToString(sum[:])
}
