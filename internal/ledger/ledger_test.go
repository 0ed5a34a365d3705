package ledger

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func sum(list []int) (all int) {
	for _, n := range list {
		all += n
	}
	return all
}

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		amount  int
		weights []int
		want    []int
	}{
		{100, []int{1, 1, 1}, []int{34, 33, 33}},
		{100, []int{1, 2, 3}, []int{17, 33, 50}},
		{1, []int{1, 5}, []int{0, 1}},
		{5, []int{0, 0}, []int{3, 2}},
		{0, []int{4, 2}, []int{0, 0}},
		{7, nil, nil},
	} {
		if got := Split(test.amount, test.weights); !slices.Equal(got, test.want) {
			t.Errorf("%d by %v: %v, want %v", test.amount, test.weights, got, test.want)
		}
	}
}

func TestSplitLosesNoCent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.IntRange(0, 10_000_000).Draw(t, "amount")
		weights := rapid.SliceOfN(rapid.IntRange(0, 1_000_000), 1, 40).Draw(t, "weights")
		shares, all := Split(amount, weights), sum(weights)
		if sum(shares) != amount {
			t.Fatalf("%v add up to %d", shares, sum(shares))
		}
		for i, share := range shares {
			if all > 0 && (share < amount*weights[i]/all || share > amount*weights[i]/all+1) {
				t.Fatalf("share %d of %v is %d", i, weights, share)
			}
		}
	})
}

func TestPartsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total, pieces := rapid.IntRange(0, 1_000_000).Draw(t, "total"), rapid.IntRange(1, 200).Draw(t, "pieces")
		all := 0
		for have := 0; have < pieces; {
			n := rapid.IntRange(1, pieces-have).Draw(t, "n")
			part := Part(total, pieces, have, n)
			if part < 0 {
				t.Fatalf("%d pieces cost %d", n, part)
			}
			all += part
			have += n
		}
		if all != total {
			t.Fatalf("the parts add up to %d of %d", all, total)
		}
	})
}

func TestTotalsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Line {
			return Line{rapid.IntRange(1, 50).Draw(t, "pieces"), rapid.IntRange(0, 20_000).Draw(t, "price")}
		}), 1, 30).Draw(t, "lines")
		amount := rapid.IntRange(0, 50_000)
		costs := Costs{amount.Draw(t, "discount"), amount.Draw(t, "shipping"), amount.Draw(t, "tax")}
		net := 0
		for _, line := range lines {
			net += line.Pieces * line.Price
		}
		totals := Totals(lines, costs)
		if want := net - min(costs.Discount, net) + costs.Shipping + costs.Tax; sum(totals) != want {
			t.Fatalf("%v add up to %d, want %d", totals, sum(totals), want)
		}
		if slices.Min(totals) < 0 {
			t.Fatalf("a line costs less than nothing: %v", totals)
		}
	})
}

func TestBalance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b Balance
		available := 0
		type fact struct {
			kind  Kind
			cents int
		}
		var facts []fact
		for range rapid.IntRange(0, 50).Draw(t, "facts") {
			f := fact{rapid.SampledFrom(Kinds).Draw(t, "kind"), rapid.IntRange(1, 10_000).Draw(t, "cents")}
			facts = append(facts, f)
			b = b.With(f.kind, f.cents)
			switch f.kind {
			case Allocate, TransferIn, Disencumber, Refund:
				available += f.cents
			default:
				available -= f.cents
			}
		}
		if b.Available() != available {
			t.Fatalf("%+v has %d, want %d", b, b.Available(), available)
		}
		for _, f := range facts {
			b = b.Without(f.kind, f.cents)
		}
		if b != (Balance{}) {
			t.Fatalf("everything taken back leaves %+v", b)
		}
	})
}

// An order that moves by the rules alone is never in a state twice, but in part after part.
func TestOrdersDoNotGoBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at, seen := Draft, map[State]bool{Draft: true}
		for len(next[at]) > 0 {
			to := rapid.SampledFrom(States).Draw(t, "to")
			if !May(at, to) {
				continue
			}
			if seen[to] && to != Partly {
				t.Fatalf("%s again", to)
			}
			at, seen[to] = to, true
			if at == Partly && rapid.Bool().Draw(t, "all") {
				at, seen[Received] = Received, true
			}
		}
		if at != Closed && at != Cancelled {
			t.Fatalf("it ended as %s", at)
		}
	})
}
