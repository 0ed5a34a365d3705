// Package money reads and writes amounts, which Carrel keeps as whole cents of the site's currency.
package money

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"carrel/internal/fault"
	"carrel/internal/say"
)

// Most is the largest amount Parse takes, in cents. What is above it is a slip of the finger.
const Most = 1_000_000_00

// longest is how many bytes of an amount are looked at, and quoted in a refusal.
const longest = 30

var (
	point = regexp.MustCompile(`^([1-9]\d{0,2}(?:,\d{3})+|\d*)(?:\.(\d+))?$`)
	comma = regexp.MustCompile(`^([1-9]\d{0,2}(?:\.\d{3})+|\d*),(\d+)$`)
)

// Parse reads an amount as people write it: "12", "12.5", "1,234.50", "12,50", "$5", "1.234,50 €". It returns cents.
// Every error is an Invalid fault, word "bad_amount", field "amount".
//
// Opinions: three digits behind a comma are thousands ("1,234"), behind a point they are three decimals, which
// are refused: "1.234" may be meant either way, and a wrong guess costs somebody a thousandfold.
func Parse(text string) (int, error) {
	digits := bare(text)
	if digits == "" {
		return 0, bad("money.empty")
	}
	if len(digits) > longest {
		return 0, bad("money.unreadable", digits[:longest]+"…")
	}
	if strings.ContainsAny(digits, "-−") {
		return 0, bad("money.negative")
	}
	match := point.FindStringSubmatch(digits)
	if match == nil {
		match = comma.FindStringSubmatch(digits)
	}
	if match == nil || match[1]+match[2] == "" {
		return 0, bad("money.unreadable", digits)
	}
	whole, decimals := strings.NewReplacer(",", "", ".", "").Replace(match[1]), match[2]
	if len(decimals) > 2 {
		return 0, bad("money.decimals", digits, len(decimals))
	}
	cents, err := strconv.Atoi(whole + (decimals + "00")[:2])
	if err != nil || cents > Most {
		return 0, bad("money.too_much", digits)
	}
	return cents, nil
}

// bare takes blanks and one sign of a currency off, before or behind the number.
func bare(text string) string {
	text = strings.TrimSpace(text)
	for _, sign := range []string{"$", "€"} {
		if rest, ok := strings.CutPrefix(text, sign); ok {
			return strings.TrimSpace(rest)
		}
		if rest, ok := strings.CutSuffix(text, sign); ok {
			return strings.TrimSpace(rest)
		}
	}
	return text
}

func bad(key string, args ...any) error {
	return fault.New("money.Parse", fault.Invalid, key, args...).Named("bad_amount").At("amount")
}

// signs are the currencies written with a sign in front, as the countries that use them do in both languages.
var signs = map[string]string{"USD": "$", "CAD": "$", "MXN": "$", "EUR": "€", "GBP": "£"}

// whole are the currencies without cents (ISO 4217, minor unit 0): their amounts are whole units.
var whole = []string{"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"}

// Decimals is how many decimals the amounts of a currency have: 2, or 0 where they are whole units.
func Decimals(currency string) int {
	if slices.Contains(whole, currency) {
		return 0
	}
	return 2
}

// Plain writes an amount as programs read it: "1234.50", of a currency without cents "1234".
func Plain(cents int, currency string) string {
	if Decimals(currency) == 0 {
		return strconv.Itoa(cents)
	}
	minus := ""
	if cents < 0 {
		minus, cents = "-", -cents
	}
	return minus + strconv.Itoa(cents/100) + "." + strconv.Itoa(100 + cents%100)[1:]
}

// Amount is an amount in a sentence.
type Amount struct {
	Cents    int    // whole units of a currency without cents
	Currency string // ISO 4217
}

// In writes it as the readers of a language do.
func (a Amount) In(lang say.Lang) string {
	if Decimals(a.Currency) > 0 {
		return Format(a.Cents, a.Currency, lang)
	}
	minus, units, mark := "", a.Cents, ","
	if units < 0 {
		minus, units = "-", -units
	}
	if lang == say.Spanish {
		mark = "."
	}
	return minus + grouped(units, mark) + " " + a.Currency
}

// Format writes cents of a currency (ISO 4217) for people: "$1,234.50", in Spanish "1.234,50 €". A currency
// without a known sign is written behind: "12.50 XYZ". Dollars keep the decimal point in Spanish too, as
// in the United States and Mexico.
func Format(cents int, currency string, lang say.Lang) string {
	minus := ""
	if cents < 0 {
		minus, cents = "-", -cents
	}
	decimals := strconv.Itoa(100 + cents%100)[1:]
	if currency == "EUR" && lang == say.Spanish {
		return minus + grouped(cents/100, ".") + "," + decimals + " €"
	}
	number := grouped(cents/100, ",") + "." + decimals
	if sign, ok := signs[currency]; ok {
		return minus + sign + number
	}
	return strings.TrimSpace(minus + number + " " + currency)
}

// grouped writes a number with a mark between the thousands.
func grouped(number int, mark string) string {
	text := strconv.Itoa(number)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + mark + text[i:]
	}
	return text
}
