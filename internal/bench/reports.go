package bench

import (
	"context"
	"fmt"
	"time"

	"carrel/internal/reports"
	"carrel/internal/say"
	"carrel/internal/use"

	"github.com/pocketbase/pocketbase/core"
)

// reportMS is how long anybody waits for a report.
const reportMS = 1000

// reported measures the counting of all facts of an old library, and each report over all its years.
func (b *bench) reported() error {
	dir, err := b.oldLibrary()
	if err != nil {
		return err
	}
	return inside(dir, func(app core.App) error {
		began := time.Now()
		if err := use.CatchUp(b.ctx, app); err != nil {
			return err
		}
		took := time.Since(began).Seconds()
		b.report.add(Figure{Name: fmt.Sprintf("counting %d facts", b.sizes.facts), Value: took, Unit: "s"}, nil)
		b.report.add(Figure{Name: "counting, speed", Value: float64(b.sizes.facts) / took, Unit: "facts/s"}, nil)
		return b.makeReports(app)
	})
}

func (b *bench) makeReports(app core.App) error {
	asker := reports.Asker{Lang: say.English, Now: time.Now(), Prices: true}
	list, err := reports.List(app, asker)
	if err != nil {
		return err
	}
	today := asker.Now.Format(time.DateOnly)
	values := map[string]string{"days": asker.Now.AddDate(-21, 0, 0).Format(time.DateOnly) + ".." + today}
	slowest := 0.0
	for _, about := range list {
		took, err := b.makeReport(app, asker, about.ID, values)
		if err != nil {
			return err
		}
		slowest = max(slowest, took)
	}
	b.report.add(Figure{Name: fmt.Sprintf("slowest report over %d facts", b.sizes.facts), Value: slowest, Unit: "ms"}, atMost(reportMS))
	return nil
}

// makeReport answers the median in milliseconds.
func (b *bench) makeReport(app core.App, asker reports.Asker, id string, values map[string]string) (float64, error) {
	var took []float64
	for range max(3, b.sizes.rounds) {
		began := time.Now()
		given := map[string]string{"days": values["days"]}
		if _, err := reports.Make(context.WithoutCancel(b.ctx), app, asker, id, given); err != nil {
			return 0, err
		}
		took = append(took, milliseconds(time.Since(began)))
	}
	b.say("%s: %.0f ms", id, median(took))
	return median(took), nil
}
