package checks

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
	"unicode"
)

// Words that are easy to say and to write, and do not sound alike. A class code and a seat are one of them and a number from 10 to 99.
var (
	codeWords = []string{
		"AMBER", "APPLE", "BEACH", "BREAD", "CANOE", "CLOUD", "CORAL", "DAISY", "EARTH", "FERRY", "FIELD", "FLUTE", "GRAPE", "HONEY", "IVORY", "JUNGLE", "LEMON",
		"MAPLE", "MELON", "MINT", "MUSIC", "OCEAN", "OLIVE", "ONION", "PAPER", "PEACH", "PIANO", "PLANET", "RIVER", "ROCKET", "SALSA", "SILVER", "SPOON", "SUGAR",
		"SUMMER", "TABLE", "TIGER", "TULIP", "VALLEY", "VIOLET", "WAGON", "WINTER",
	}
	seatWords = []string{
		"Badger", "Beaver", "Bison", "Camel", "Cobra", "Crane", "Dolphin", "Eagle", "Falcon", "Ferret", "Gecko", "Hippo", "Iguana", "Koala", "Lemur", "Llama", "Moose",
		"Otter", "Owl", "Panda", "Parrot", "Penguin", "Puma", "Rabbit", "Raven", "Robin", "Salmon", "Seal", "Shark", "Turtle", "Walrus", "Whale", "Wolf", "Yak", "Zebra",
	}
)

func coin(words []string) (string, error) {
	word, err := rand.Int(rand.Reader, big.NewInt(int64(len(words))))
	if err != nil {
		return "", err
	}
	number, err := rand.Int(rand.Reader, big.NewInt(90))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s %d", words[word.Int64()], 10+number.Int64()), nil
}

// plain is a code as two people who write it differently mean it: "tiger-42" and "TIGER 42" are one.
func plain(code string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, code)
}
