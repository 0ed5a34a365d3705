package sample

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"carrel/internal/policy"
)

// Item is one physical thing with a barcode.
type Item struct {
	Title      int    // index in School.Titles
	Barcode    string // 14 digits, the last one a Luhn check digit
	CallNumber string
	Type       string // a name of ItemTypes
	Location   string // a name of Locations
	Copy       int    // 1 for the first copy
	PriceCents int    // US dollars
	Acquired   policy.Day
	NotForLoan bool
}

// The item types and shelving places of the school, in the order in which a list shows them.
var (
	ItemTypes = []string{"Book", "Picture book", "Reference", "Equipment"}
	Locations = []string{
		"Picture books", "Fiction", "Graphic novels", "Nonfiction", "Spanish", "Reference", "Professional", "Makerspace",
	}
)

// equipmentCents are prices of things that are no books.
var equipmentCents = map[string]int{
	"3D pen": 4999, "3D printer": 39900, "Button maker": 12900, "Coding robot kit": 8995, "Digital camera": 17900,
	"Document camera": 9900, "Electric circuit kit": 5995, "Green screen": 6500, "Headphones": 1895, "Laptop computer": 32900,
	"Microscope": 14900, "Projector": 44900, "Sewing machine": 15900, "Tablet computer": 29900, "Telescope": 11900, "Ukulele": 4500,
}

// Barcodes begin with a digit for what they label and the number of the library, as is the custom of American labels.
const (
	patronLabel   = "2"
	itemLabel     = "3"
	libraryNumber = "0417"
)

// labelBarcode is a 14-digit library code with its Luhn check digit (ISO/IEC 7812-1 annex B).
func labelBarcode(label string, number int) string {
	code := fmt.Sprintf("%s%s%08d", label, libraryNumber, number)
	sum := 0
	for i := range len(code) {
		digit := int(code[len(code)-1-i] - '0')
		if i%2 == 0 {
			digit = digit*2/10 + digit*2%10
		}
		sum += digit
	}
	return code + string(rune('0'+(10-sum%10)%10))
}

// addItems gives every title from index first on its copies.
func (s *School) addItems(first, wing int) {
	random := s.random(wing, streamItems)
	copies := copyCounts(s.Titles[first:], s.taste(s.Titles[first:], wing))
	for i, count := range copies {
		title := s.Titles[first+i]
		item := Item{
			Title: first + i, CallNumber: title.CallNumber, Type: itemType(title), Location: location(title),
			PriceCents: price(title, random), NotForLoan: title.Type == TypeReference,
		}
		for number := range count {
			item.Copy = number + 1
			item.Barcode = labelBarcode(itemLabel, len(s.Items)+1)
			item.Acquired = s.acquired(title, random)
			s.Items = append(s.Items, item)
		}
	}
}

// taste is how much children like each title of a wing: a long tail, drawn anew for every wing.
func (s *School) taste(titles []Title, wing int) []float64 {
	random := s.random(wing, streamTaste)
	weights := make([]float64, len(titles))
	for i, rank := range random.Perm(len(titles)) {
		weights[i] = 1 / float64(rank+15)
		switch {
		case titles[i].Type == TypeGraphicNovel:
			weights[i] *= 3
		case titles[i].Type == TypeObject || titles[i].Type == TypeProfessional:
			weights[i] *= 0.5
		case titles[i].Series != "":
			weights[i] *= 1.5
		}
	}
	return weights
}

// copyCounts gives four copies to the best liked titles and one to most.
func copyCounts(titles []Title, weights []float64) []int {
	order := make([]int, len(titles))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weights[b], weights[a]) })
	counts := make([]int, len(titles))
	for rank, i := range order {
		switch {
		case titles[i].Type == TypeReference || titles[i].Type == TypeProfessional:
			counts[i] = 1
		case rank*100 < 12*len(titles):
			counts[i] = 4
		case rank*100 < 30*len(titles):
			counts[i] = 3
		case rank*100 < 60*len(titles):
			counts[i] = 2
		default:
			counts[i] = 1
		}
	}
	return counts
}

// acquired is a day before the first loan, and where the book's age allows it not before its year.
func (s *School) acquired(title Title, random *rand.Rand) policy.Day {
	last := s.firstLoanDay().Add(-30)
	earliest := max(last.Add(-12*365), policy.Date(title.Year, 3, 1))
	if earliest >= last {
		return onWeekday(last)
	}
	return onWeekday(earliest.Add(random.IntN(int(last - earliest))))
}

// onWeekday moves a weekend to the Friday before.
func onWeekday(day policy.Day) policy.Day {
	for !policy.SchoolWeek[day.Weekday()] {
		day--
	}
	return day
}

func itemType(title Title) string {
	switch title.Type {
	case TypePictureBook:
		return "Picture book"
	case TypeReference:
		return "Reference"
	case TypeObject:
		return "Equipment"
	}
	return "Book"
}

func location(title Title) string {
	switch {
	case title.Type == TypeObject:
		return "Makerspace"
	case title.Type == TypeReference:
		return "Reference"
	case title.Type == TypeProfessional:
		return "Professional"
	case title.Language == "spa":
		return "Spanish"
	case title.Class == classPictureBooks:
		return "Picture books"
	case title.Class == classFiction:
		return "Fiction"
	case title.Class == classGraphicNovels:
		return "Graphic novels"
	}
	return "Nonfiction"
}

// price is in cents and ends like a price.
func price(title Title, random *rand.Rand) int {
	dollars := between(random, 7, 17)
	switch title.Type {
	case TypeObject:
		return equipmentCents[title.Title]
	case TypeReference:
		dollars = between(random, 19, 59)
	case TypeProfessional:
		dollars = between(random, 22, 45)
	case TypePictureBook:
		dollars = between(random, 15, 19)
	case TypeGraphicNovel:
		dollars = between(random, 10, 15)
	}
	return dollars*100 + 99
}
