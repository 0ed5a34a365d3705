package restrictions

import (
	"testing"

	"carrel/collections"
)

// A form names a book without its subtitle, however the record parts the two.
func TestProperTitle(t *testing.T) {
	for name, test := range map[string]struct{ record, title, want string }{
		"with a colon":    {`{"leader":"00000nam a2200000 a 4500","fields":[{"245":{"ind1":"1","ind2":"0","subfields":[{"a":"Hatchet :"},{"b":"a novel"}]}}]}`, "Hatchet : a novel", "Hatchet :"},
		"without a colon": {`{"leader":"00000nam a2200000 a 4500","fields":[{"245":{"ind1":"1","ind2":"0","subfields":[{"a":"Island"},{"b":"A Story"}]}}]}`, "Island A Story", "Island"},
		"no 245":          {`{"leader":"00000nam a2200000 a 4500","fields":[]}`, "Island", "Island"},
		"made by hand":    {"", "Island", "Island"},
	} {
		if got := properTitle(collections.Title{Title: test.title, MARC: test.record}); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
