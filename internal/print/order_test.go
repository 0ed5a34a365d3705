package print

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func englishOrder(lines int) PurchaseOrder {
	order := PurchaseOrder{
		At: at, Paper: Letter, School: "Cedar Hollow Library", Heading: "Purchase order", Number: "26-0441",
		Facts:   [][2]string{{"Date", "2026-04-05"}, {"Customer number", "4711"}, {"Expected", "2026-05-01"}, {"Name", "Spring list"}},
		Parties: []Party{{"Vendor", []string{"Made Books", "12 Long Street", "Springfield"}}, {"Bill to", []string{"Cedar Hollow District, Accounts Payable, a long name that goes on"}}, {"Ship to", []string{"Cedar Hollow Library"}}},
		Columns: [6]string{"", "Title", "ISBN", "Pieces", "Price", "Amount"},
		Sums:    [][2]string{{"Subtotal", "$1,000.00"}, {"Discount", "-$10.00"}, {"Total", "$990.00"}}, Note: "Please deliver before noon.", Sign: "Approved by", Pages: "Page %d of %d",
	}
	for i := range lines {
		name := fmt.Sprintf("Book%03d", i)
		if i%7 == 3 {
			name += strings.Repeat(" and a name that goes on", 4)
		}
		order.Lines = append(order.Lines, [6]string{itoa(i + 1), name, "9781416936473", "3", "$8.99", "$26.97"})
	}
	return order
}

func spanishOrder() PurchaseOrder {
	order := englishOrder(3)
	order.Paper, order.Heading, order.School = A4, "Orden de compra", "Biblioteca de Cedar Hollow"
	order.Columns = [6]string{"", "Título", "ISBN", "Piezas", "Precio", "Importe"}
	order.Sums = [][2]string{{"Subtotal", "$80.91"}, {"Total", "$80.91"}}
	order.Lines[0][1] = "Matilda, con ilustraciones de Íñigo Peña"
	order.Pages = "Página %d de %d"
	return order
}

// However many lines there are, all of them are on the paper, and the total once.
func TestOrdersAreWhole(t *testing.T) {
	need(t, "pdftotext")
	for _, lines := range []int{0, 1, 22, 30, 31, 32, 200, 500} {
		pdf := pdfOf(t, func(w *bytes.Buffer) error { return Orders(w, englishOrder(lines)) })
		words := strings.Fields(allText(t, pdf, "-layout"))
		for i := range lines {
			if !slices.Contains(words, fmt.Sprintf("Book%03d", i)) {
				t.Errorf("of %d lines %d is lost", lines, i)
			}
		}
		pages := countPages(pdf)
		if said := strings.Join(words, " "); !strings.Contains(said, fmt.Sprintf("Page %d of %d", pages, pages)) || strings.Count(said, "$990.00") != 1 || strings.Count(said, "26-0441") != pages {
			t.Errorf("%d lines on %d pages: %s", lines, pages, said[max(0, len(said)-300):])
		}
	}
}
