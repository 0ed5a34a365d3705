package cite

import (
	"regexp"
	"strings"
)

var (
	// nobody is how catalogues say that no publisher or place is known.
	nobody = regexp.MustCompile(`(?i)^\[?(?:s\.? ?[nl]\.?|(?:publisher|place of publication) not identified|(?:lugar de publicación|editor) no identificado)\]?$`)
	// business words say how a house is constituted (MLA 5.61, APA 9.29, Chicago 14.134).
	business = regexp.MustCompile(`(?i)(?:,? (?:&|and) (?:co|company|sons)\.?$|,? (?:inc|incorporated|ltd|limited|llc|l\.l\.c|corp|corporation|co|company|gmbh|s\.a|s\.l)\.?$)`)
	leading  = regexp.MustCompile(`^The `)
	pressOf  = regexp.MustCompile(`^University of (.+) Press$`)
	ofPress  = regexp.MustCompile(`^(.+) University Press$`)
)

// house is the publisher without what says only how it is constituted; "" when nobody knows.
func house(publisher string) string {
	publisher = strings.Trim(strings.TrimRight(strings.TrimSpace(publisher), " ,:;"), "[]")
	if nobody.MatchString(publisher) {
		return ""
	}
	for {
		shorter := strings.TrimRight(business.ReplaceAllString(publisher, ""), " ,")
		if shorter == publisher || shorter == "" {
			return leading.ReplaceAllString(publisher, "")
		}
		publisher = shorter
	}
}

// mlaHouse also shortens University Press (MLA 5.61) and spells the sign for and (5.62).
func mlaHouse(publisher string) string {
	name := strings.ReplaceAll(house(publisher), " & ", " and ")
	name = pressOf.ReplaceAllString(name, "U of $1 P")
	return ofPress.ReplaceAllString(name, "$1 UP")
}

// town is the first place of publication, without brackets.
func town(place string) string {
	place = strings.Trim(strings.TrimRight(strings.TrimSpace(place), " ,:;"), "[]?")
	if nobody.MatchString(place) {
		return ""
	}
	return place
}

var (
	ordinals = strings.NewReplacer("second", "2nd", "third", "3rd", "fourth", "4th", "fifth", "5th", "sixth", "6th", "seventh", "7th", "eighth", "8th",
		"ninth", "9th", "tenth", "10th", "revised", "rev.", "edition", "ed.", "abridged", "abr.", "illustrated", "illus.")
	isFirst  = regexp.MustCompile(`^(?:first|1st)\b`)
	isOther  = regexp.MustCompile(`^(?:\d|rev|new|updated|abr|illus|expanded|enl|large)`)
	lastStop = regexp.MustCompile(`[\s./,]+$`)
)

// edition is what a citation says of it: nothing of a first one, and nothing of what is no edition of the text, such as "Scholastic edition".
func edition(catalogued string) string {
	text := strings.ToLower(lastStop.ReplaceAllString(strings.Trim(strings.TrimSpace(catalogued), "[]"), ""))
	text = ordinals.Replace(text)
	if isFirst.MatchString(text) || !isOther.MatchString(text) {
		return ""
	}
	if strings.HasSuffix(text, " ed") {
		text += "."
	}
	if !strings.HasSuffix(text, "ed.") {
		text += " ed."
	}
	return text
}
