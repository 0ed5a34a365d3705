package standards

import (
	"cmp"
	"slices"
)

// node is a statement before its place is known.
type node struct {
	Statement
	line    int
	under   []link // where its makers put it
	number  float64
	counted bool // whether number says its place among its siblings
}

// link is one place a statement has: below which node, and as the how-manieth.
type link struct {
	parent  string // id, or code in a spreadsheet; "" for the top
	number  float64
	counted bool
}

// plant makes a tree of nodes: every statement in one place, the first its makers gave; what stands nowhere or below itself stands at the top.
// Siblings come by their numbers, and those without behind them as they stand in the file.
func plant(f *Framework, nodes []*node) {
	byName := map[string]*node{}
	for _, n := range nodes {
		for _, name := range []string{n.Code, n.ID} { // an id is surer than a code, and goes over it
			if name != "" && (name == n.ID || byName[name] == nil) {
				byName[name] = n
			}
		}
	}
	children := map[*node][]*node{}
	parents := map[*node]*node{}
	for _, n := range nodes {
		above := place(f, n, byName)
		if above != nil && standsBelow(above, n, parents) {
			f.remark(Cycle, n, n.name())
			above = nil
		}
		parents[n] = above
		children[above] = append(children[above], n)
	}
	for _, below := range children {
		slices.SortStableFunc(below, bySiblingNumber)
	}
	f.Statements = make([]Statement, 0, len(nodes))
	lay(f, children)
}

// place is the node below which n stands; nil is the top.
func place(f *Framework, n *node, byName map[string]*node) *node {
	if len(n.under) == 0 {
		return nil
	}
	first := n.under[0]
	for _, other := range n.under[1:] {
		if other.parent != first.parent {
			f.remark(Another, n, other.parent)
		}
	}
	n.number, n.counted = first.number, first.counted
	if first.parent == "" {
		return nil
	}
	above := byName[first.parent]
	if above == nil {
		f.remark(Orphan, n, first.parent)
	}
	return above
}

// standsBelow tells whether a node stands below n already, or is n.
func standsBelow(it, n *node, parents map[*node]*node) bool {
	for ; it != nil; it = parents[it] {
		if it == n {
			return true
		}
	}
	return false
}

func bySiblingNumber(a, b *node) int {
	switch {
	case a.counted && b.counted:
		return cmp.Compare(a.number, b.number)
	case a.counted:
		return -1
	case b.counted:
		return 1
	}
	return 0
}

// lay writes the tree down from the top, without recursion: a file may be as deep as it is long.
func lay(f *Framework, children map[*node][]*node) {
	type open struct {
		below []*node
		at    int // index of the node they stand below
		depth int
	}
	stack := []open{{children[nil], -1, 0}}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if len(top.below) == 0 {
			stack = stack[:len(stack)-1]
			continue
		}
		n := top.below[0]
		top.below = top.below[1:]
		n.Parent, n.Depth = top.at, top.depth
		f.Statements = append(f.Statements, n.Statement)
		stack = append(stack, open{children[n], len(f.Statements) - 1, n.Depth + 1})
	}
}

func (n *node) name() string { return cmp.Or(n.Code, n.ID) }

func (f *Framework) remark(code string, n *node, detail string) {
	f.Remarks = append(f.Remarks, Remark{Code: code, Statement: n.name(), Line: n.line, Detail: detail})
}
