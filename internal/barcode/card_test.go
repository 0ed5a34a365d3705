package barcode

import (
	"bytes"
	"crypto/rand"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNewCard(t *testing.T) {
	shape := regexp.MustCompile(`^carrel:p:[0-9A-HJKMNP-TV-Z]{17}$`)
	seen := map[string]bool{}
	for range 1000 {
		token, err := NewCard(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if !shape.MatchString(token) || !IsCard(token) || !ValidCard(token) {
			t.Fatalf("token %q", token)
		}
		if seen[token] {
			t.Fatalf("token %q twice", token)
		}
		seen[token] = true
	}
}

func TestNewCardWithoutRandomness(t *testing.T) {
	if _, err := NewCard(bytes.NewReader([]byte{1, 2, 3})); err == nil {
		t.Fatal("three bytes made a card")
	}
}

func TestCardAsScanned(t *testing.T) {
	token, err := NewCard(bytes.NewReader([]byte("0123456789")))
	if err != nil {
		t.Fatal(err)
	}
	scans := map[string]string{
		"as printed":         token,
		"with a line end":    token + "\r\n",
		"lower case":         strings.ToLower(token),
		"caps lock":          strings.ToUpper(token),
		"Spanish keyboard":   strings.ReplaceAll(token, ":", "Ñ"),
		"German keyboard":    strings.ReplaceAll(token, ":", "ö"),
		"AIM prefix of a QR": "]Q1" + token,
		"letter O for zero":  strings.ReplaceAll(token, "0", "O"),
		"letter l for one":   strings.ReplaceAll(token, "1", "l"),
	}
	for name, scan := range scans {
		if got, ok := Card(scan); !ok || got != token {
			t.Errorf("%s: Card(%q) = %q, %v; want %q", name, scan, got, ok, token)
		}
	}
}

func TestNoCard(t *testing.T) {
	for raw, isCard := range map[string]bool{
		"":                           false,
		"carrel":                     false,
		"carrel:p":                   false,
		"carrel:p:":                  false,
		"carrel:i:0000000000000000":  false,
		"carrelxp:00000000000000000": false,
		"30101000123456":             false,
		"carrel:p:0":                 true,
		"carrel:p:0000000000000000U": true,
		"carrel:p:00000000000000001": true,
	} {
		if got := IsCard(raw); got != isCard {
			t.Errorf("IsCard(%q) = %v", raw, got)
		}
		if ValidCard(raw) {
			t.Errorf("ValidCard(%q)", raw)
		}
	}
}

func drawCard(t *rapid.T) string {
	token, err := NewCard(bytes.NewReader(rapid.SliceOfN(rapid.Byte(), 10, 10).Draw(t, "secret")))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestOneWrongCharacterIsCaught(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token := []byte(drawCard(t))
		place := rapid.IntRange(len(cardPrefix), len(token)-1).Draw(t, "place")
		wrong := cardAlphabet[rapid.IntRange(0, 31).Draw(t, "wrong")]
		if wrong == token[place] {
			return
		}
		token[place] = wrong
		if ValidCard(string(token)) {
			t.Fatalf("%s is accepted", token)
		}
	})
}

func TestExchangedCharactersAreCaught(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token := []byte(drawCard(t))
		place := rapid.IntRange(len(cardPrefix), len(token)-1)
		i, j := place.Draw(t, "one"), place.Draw(t, "other")
		if token[i] == token[j] {
			return
		}
		token[i], token[j] = token[j], token[i]
		if ValidCard(string(token)) {
			t.Fatalf("%s is accepted", token)
		}
	})
}
