package checks_test

import (
	"time"

	"carrel/internal/policy"
	"carrel/internal/site"
)

// day is that of a time in the school's zone.
func (c *class) day(at time.Time) policy.Day {
	c.T.Helper()
	school, err := site.Load(c.App)
	if err != nil {
		c.T.Fatal(err)
	}
	return policy.DayOf(at, school.Location())
}
