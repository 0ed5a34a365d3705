package bench

import (
	"fmt"
	"net/http"
	"time"
)

// classMS is how long a teacher waits for the renewal of a whole class.
const classMS = 1000

// renewsClass measures a homeroom whose children each have a loan, renewed as one act.
func (b *bench) renewsClass() error {
	dir, err := b.library("class")
	if err != nil {
		return err
	}
	s, err := b.atDesk(dir)
	if err != nil {
		return err
	}
	defer s.stop()
	children := min(classSize, b.sizes.patrons)
	for i := range children {
		if _, err := s.lend(patronCode(i), b.barcodes[i]); err != nil {
			return err
		}
	}
	room, err := s.homeroom("Room 0")
	if err != nil {
		return err
	}
	var took latencies
	for range b.sizes.turns {
		one, err := s.renewClass(room, children)
		if err != nil {
			return err
		}
		took = append(took, one)
	}
	b.report.add(Figure{Name: fmt.Sprintf("homeroom of %d renewed as one act", children), Value: took.ms(50), Unit: "ms"}, atMost(classMS))
	return b.ctx.Err()
}

// homeroom is the id of a homeroom.
func (s *server) homeroom(name string) (string, error) {
	var answer struct {
		Homerooms []struct{ ID, Name string }
	}
	if _, err := s.ask(http.MethodGet, "/api/carrel/homerooms", nil, &answer, http.StatusOK); err != nil {
		return "", err
	}
	for _, room := range answer.Homerooms {
		if room.Name == name {
			return room.ID, nil
		}
	}
	return "", fmt.Errorf("there is no homeroom %s", name)
}

func (s *server) renewClass(room string, loans int) (time.Duration, error) {
	var answer struct{ Renewed, Refused []any }
	took, err := s.ask(http.MethodPost, "/api/carrel/class-renewals", map[string]string{"homeroom": room, "key": randomID()}, &answer, http.StatusOK)
	if err == nil && len(answer.Renewed) != loans {
		err = fmt.Errorf("%d of %d loans were renewed, %d refused", len(answer.Renewed), loans, len(answer.Refused))
	}
	return took, err
}
