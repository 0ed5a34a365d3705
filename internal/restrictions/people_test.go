package restrictions

import "testing"

func TestSamePerson(t *testing.T) {
	for _, one := range []struct {
		form, patron string
		same         bool
	}{
		{"", "Ana García", true}, {"Ana García", "Ana García", true}, {"GARCIA, ANA", "Ana García", true}, {"Ana", "Ana García", true},
		{"Ana María García López", "Ana García", true}, {"Ana García", "Ana María García López", true}, {"Siobhan OBrien", "Siobhán O'Brien", true},
		{"Luis García", "Ana García", false}, {"Ana Gómez", "Ana García", false}, {"Anna", "Ana García", false}, {"Ana", "", false},
		{"李小龙", "李小龙", true}, {"李小龙", "王小龙", false},
	} {
		if got := samePerson(one.form, one.patron); got != one.same {
			t.Errorf("%q and %q: %v", one.form, one.patron, got)
		}
	}
}
