package marc

import (
	"fmt"
	"strings"
	"time"
)

// currencySigns are the signs prices are written with.
var currencySigns = map[string]string{"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "C$": "CAD", "CAN$": "CAD", "MX$": "MXN"}

// maxPriceCents is where a price is no longer believed: a barcode in the wrong place.
const maxPriceCents = 10_000_000

// parsePrice reads "23.54USD", ".00USD", "$25.00", "12,50 €", "1,250.00" and, where bareCents is
// set, "2354" as 23.54. The currency is "" when the text names none.
func parsePrice(text string, bareCents bool) (cents int, currency string, ok bool) {
	text = strings.TrimSpace(text)
	digits := strings.Trim(text, " \t"+lettersAndSigns(text))
	currency = currencyOf(strings.Replace(text, digits, "", 1))
	whole, fraction, pointed := cutDecimal(digits)
	units, okWhole := wholeUnits(whole)
	if !okWhole || whole == "" && !pointed {
		return 0, "", false
	}
	if !pointed && bareCents {
		return units, currency, units <= maxPriceCents
	}
	part, okPart := decimal([]byte((fraction + "00")[:2]))
	if _, ok := decimal([]byte(fraction)); !okPart || fraction != "" && !ok {
		return 0, "", false
	}
	cents = units*100 + part
	return cents, currency, cents <= maxPriceCents
}

// ParsePrice reads a price as people write it: "23.54", "$25.00", "12,50 €", "1,250.00", "23.54USD". The currency is "" when the text names none.
func ParsePrice(text string) (cents int, currency string, ok bool) { return parsePrice(text, false) }

// ParseDate gives YYYY-MM-DD of a date in numbers, the month before the day, or "" for what is none.
func ParseDate(text string) string { return parseDate(text) }

// wholeUnits reads the part before the decimal point, which may have thousands marked; nothing is 0.
func wholeUnits(text string) (int, bool) {
	groups := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '.' || r == ' ' })
	for i, group := range groups {
		if i > 0 && len(group) != 3 {
			return 0, false
		}
	}
	digits := strings.Join(groups, "")
	units, ok := decimal([]byte(digits))
	return units, (ok || text == "") && len(digits) <= 9
}

// lettersAndSigns are the characters of text that a number cannot begin or end with.
func lettersAndSigns(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && isDigit(byte(r)) || r == '.' || r == ',' {
			return -1
		}
		return r
	}, text)
}

// cutDecimal cuts at the decimal point, or at a comma in its place.
func cutDecimal(digits string) (whole, fraction string, pointed bool) {
	at := strings.LastIndexAny(digits, ".,")
	if at < 0 || digits[at] == ',' && len(digits)-at != 3 {
		return digits, "", false
	}
	return digits[:at], digits[at+1:], true
}

func currencyOf(text string) string {
	text = strings.ToUpper(strings.TrimSpace(text))
	if code, ok := currencySigns[text]; ok {
		return code
	}
	if len(text) == 3 && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		return text
	}
	return ""
}

// formatPrice writes a price as Follett does: "23.54USD".
func formatPrice(cents int, currency string) string {
	return fmt.Sprintf("%d.%02d%s", cents/100, cents%100, currency)
}

// dateForms are the ways in which dates are written in items.
var dateForms = []string{"20060102", "2006-01-02", "1/2/2006", "1/2/06", "2006/01/02"}

// parseDate gives YYYY-MM-DD, or "" for what is no date.
func parseDate(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > 10 && text[4] == '-' {
		text = text[:10] // a time follows
	}
	for _, form := range dateForms {
		if day, err := time.Parse(form, text); err == nil && day.Year() > 1800 {
			return day.Format(time.DateOnly)
		}
	}
	return ""
}
