package trust

import (
	"net/netip"
	"slices"
	"testing"

	"carrel/internal/fault"
)

func TestNames(t *testing.T) {
	for _, test := range []struct {
		host string
		want []string // beside those that are announced
	}{
		{"shelf", []string{"shelf", "shelf.local"}},
		{"Shelf.Cedar-Hollow.example.", []string{"shelf.cedar-hollow.example", "shelf.local"}},
		{"carrel", []string{"carrel"}},
		{"com", []string{"com.local"}},          // it would open every name in .com
		{"co.uk", []string{"co.local"}},         // a public suffix of two labels
		{"github.io", []string{"github.local"}}, // one below which strangers live
		{"localhost", []string{"localhost.local"}},
		{"my_shelf", nil},
		{"", nil},
	} {
		got, err := Names(test.host, nil)
		if err != nil || !slices.Equal(got, append(slices.Clone(announced), test.want...)) {
			t.Errorf("%q: %q %v", test.host, got, err)
		}
	}
}

func TestAddedNames(t *testing.T) {
	got, err := Names("shelf", []string{"Library.Cedar.example", "carrel.local"})
	if want := append(slices.Clone(announced), "shelf", "shelf.local", "library.cedar.example"); err != nil || !slices.Equal(got, want) {
		t.Errorf("%q %v", got, err)
	}
	for _, bad := range []string{"", "local", "org", "k12.ca.us", "10.0.0.1", "*.cedar.example", "a b", "-a.example", "https://cedar.example"} {
		if _, err := Names("shelf", []string{bad}); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%q was taken: %v", bad, err)
		}
	}
}

func TestAddressesAreInTheRanges(t *testing.T) {
	found, err := Addresses()
	if err != nil || !slices.Contains(found, netip.MustParseAddr("127.0.0.1")) {
		t.Errorf("%v %v", found, err)
	}
	for _, address := range found {
		if !inside(address) || address.Zone() != "" {
			t.Errorf("%s", address)
		}
	}
}
