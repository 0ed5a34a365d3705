package room

import (
	"container/heap"
	"slices"
)

// Point is a place on the floor, in the units of the plan.
type Point struct {
	X int `json:"x"`
	Y int `json:"y"`
}

// heading is one of the four ways one can walk, clockwise from up on the plan.
type heading int

const (
	up heading = iota
	rightward
	down
	leftward
)

var ahead = [4]Point{{0, -1}, {1, 0}, {0, 1}, {-1, 0}}

// cells are the sides of the squares in which a way is looked for, in units: steps of half a metre keep clear of corners; only where that leaves no
// way, as between two shelves that stand close, narrower ones are tried.
var cells = []int{5, 2}

// turnCost is how many steps more one would rather walk than turn once more: a way with few turns is easier to tell. A turn at a landmark is easier still.
const (
	turnCost   = 6
	markedCost = 3
)

// walk is a way through the room: its corners from the door on.
type walk struct {
	corners []Point
	enters  heading // where one looks on coming in
	side    string  // of the shelf, on which it ends
}

// grid is the floor in squares.
type grid struct {
	cell, wide, high int
	taken            []bool
	marked           []bool // a landmark is near
}

func newGrid(plan Plan, cell int) grid {
	g := grid{cell: cell, wide: plan.Width / cell, high: plan.Height / cell}
	g.taken = make([]bool, g.wide*g.high)
	for _, thing := range plan.Things {
		if thing.Kind != Door {
			g.block(thing.box())
		}
	}
	g.marked = make([]bool, len(g.taken))
	for square := range g.marked {
		_, g.marked[square] = plan.near(g.middle(square), nil)
	}
	return g
}

func (g grid) block(b box) {
	for y := max(0, b.top/g.cell); y < g.high && y*g.cell < b.bottom; y++ {
		for x := max(0, b.left/g.cell); x < g.wide && x*g.cell < b.right; x++ {
			g.taken[y*g.wide+x] = true
		}
	}
}

// free is false outside the room, too.
func (g grid) free(x, y int) bool {
	return x >= 0 && y >= 0 && x < g.wide && y < g.high && !g.taken[y*g.wide+x]
}

func (g grid) middle(square int) Point {
	return Point{square%g.wide*g.cell + g.cell/2, square/g.wide*g.cell + g.cell/2}
}

// entrance is the square in which one stands after coming in through the door, and where one looks; ok is false when things stand in the way.
func (g grid) entrance(plan Plan, door Thing) (square int, enters heading, ok bool) {
	b := door.box()
	middle := Point{(b.left + b.right) / 2, (b.top + b.bottom) / 2}
	walls := [4]int{down: middle.Y, leftward: plan.Width - middle.X, up: plan.Height - middle.Y, rightward: middle.X}
	for way, distance := range walls {
		if distance < walls[enters] {
			enters = heading(way)
		}
	}
	x, y := min(middle.X/g.cell, g.wide-1), min(middle.Y/g.cell, g.high-1)
	for range g.wide + g.high {
		if g.free(x, y) {
			return y*g.wide + x, enters, true
		}
		x, y = x+ahead[enters].X, y+ahead[enters].Y
	}
	return 0, enters, false
}

// step is a square, the way one looks in it, and what it cost to come there.
type step struct{ state, cost int }

// stateOf numbers a square together with the way one looks in it.
func stateOf(square int, looks heading) int { return 4*square + int(looks) }

// frontier is where the search goes on, cheapest first; equal ones in a fixed order, so that the same plan has the same way each time.
type frontier []step

func (f frontier) Len() int { return len(f) }
func (f frontier) Less(i, j int) bool {
	return f[i].cost < f[j].cost || f[i].cost == f[j].cost && f[i].state < f[j].state
}
func (f frontier) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f *frontier) Push(x any) {
	next, _ := x.(step)
	*f = append(*f, next)
}
func (f *frontier) Pop() any {
	last := len(*f) - 1
	popped := (*f)[last]
	*f = (*f)[:last]
	return popped
}

// search finds the easiest way from a square, looking some way, to one of the goals.
func (g grid) search(from int, looks heading, goals map[int]bool) (squares []int, found bool) {
	cost, came := make([]int, 4*len(g.taken)), make([]int, 4*len(g.taken)) // 0: not seen
	start := stateOf(from, looks)
	cost[start] = 1
	open := frontier{{start, 1}}
	for len(open) > 0 {
		here, _ := heap.Pop(&open).(step)
		square, looked := here.state/4, heading(here.state%4)
		if here.cost > cost[here.state] {
			continue
		}
		if goals[square] {
			return trace(came, start, here.state), true
		}
		for way := up; way <= leftward; way++ {
			x, y := square%g.wide+ahead[way].X, square/g.wide+ahead[way].Y
			if !g.free(x, y) {
				continue
			}
			next := step{stateOf(y*g.wide+x, way), here.cost + 1}
			if way != looked && g.marked[square] {
				next.cost += markedCost
			} else if way != looked {
				next.cost += turnCost
			}
			if known := cost[next.state]; known == 0 || known > next.cost {
				cost[next.state], came[next.state] = next.cost, here.state
				heap.Push(&open, next)
			}
		}
	}
	return nil, false
}

func trace(came []int, start, at int) []int {
	squares := []int{at / 4}
	for at != start {
		at = came[at]
		squares = append(squares, at/4)
	}
	slices.Reverse(squares)
	return squares
}

// corners leaves of a way its ends and the squares in which it turns.
func (g grid) corners(squares []int) []Point {
	points := []Point{}
	for i, square := range squares {
		if i == 0 || i == len(squares)-1 || square-squares[i-1] != squares[i+1]-square {
			points = append(points, g.middle(square))
		}
	}
	return points
}

// front is the stretch of a shelf's ground line in front of which one stands: the whole shelf for bay 0.
func (t Thing) front(bay int) box {
	b := t.box()
	if bay < 1 || bay > t.bays() {
		return b
	}
	from, to := t.W*(bay-1)/t.bays(), t.W*bay/t.bays()
	if t.Turn == 90 {
		return box{b.left, b.top + from, b.right, b.top + to}
	}
	return box{b.left + from, b.top, b.left + to, b.bottom}
}

// sides are where one can stand to reach the books.
func (t Thing) sides() []string {
	switch {
	case t.Side != "":
		return []string{t.Side}
	case t.Turn == 90:
		return []string{Left, Right}
	}
	return []string{Bottom, Top}
}

// inFront tells on which side of a spot a point lies right in front of it: between its ends, within reach, and with nothing between. "" for none.
func (p Plan) inFront(spot Spot, at Point, reach int) string {
	b := spot.Thing.front(spot.Bay)
	for _, side := range spot.Thing.sides() {
		strip := box{at.X, at.Y, at.X + 1, at.Y + 1}
		across := at.X >= b.left && at.X < b.right
		gap := 0
		switch side {
		case Top:
			gap, strip.bottom = b.top-at.Y, b.top
		case Bottom:
			gap, strip.top = at.Y-b.bottom+1, b.bottom
		case Left:
			across, gap, strip.right = at.Y >= b.top && at.Y < b.bottom, b.left-at.X, b.left
		case Right:
			across, gap, strip.left = at.Y >= b.top && at.Y < b.bottom, at.X-b.right+1, b.right
		}
		if across && gap > 0 && gap <= reach && !p.stands(strip) {
			return side
		}
	}
	return ""
}

// stands tells whether anything stands on a piece of the floor.
func (p Plan) stands(on box) bool {
	return slices.ContainsFunc(p.Things, func(t Thing) bool {
		b := t.box()
		return t.Kind != Door && b.left < on.right && on.left < b.right && b.top < on.bottom && on.top < b.bottom
	})
}

// walkTo finds the way from the door to a spot; the first door from which there is one.
func (p Plan) walkTo(spot Spot) (way walk, found bool) {
	for _, cell := range cells {
		g := newGrid(p, cell)
		goals := map[int]bool{}
		for square, taken := range g.taken {
			if !taken && p.inFront(spot, g.middle(square), cell+cell/2+1) != "" {
				goals[square] = true
			}
		}
		for _, door := range p.Things {
			if door.Kind != Door || len(goals) == 0 {
				continue
			}
			from, enters, free := g.entrance(p, door)
			if !free {
				continue
			}
			if squares, found := g.search(from, enters, goals); found {
				end := g.middle(squares[len(squares)-1])
				return walk{g.corners(squares), enters, p.inFront(spot, end, cell+cell/2+1)}, true
			}
		}
	}
	return way, false
}
