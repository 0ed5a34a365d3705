package today

import (
	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/jobs"
	"carrel/internal/notices"
	"carrel/internal/ops"
	"carrel/internal/site"
)

// Need is one thing that waits for a person: its kind, and what the kind has. docs/api.md lists them.
type Need map[string]any

// needs are asked for in the order in which they press.
func (l look) needs(today Today) ([]Need, error) {
	needs := []Need{}
	for _, kind := range []struct {
		head bool // only a librarian can settle it
		find func(Today) ([]Need, error)
	}{
		{true, l.doctor}, {true, l.setup}, {false, l.locked}, {true, l.questions}, {false, l.holds}, {true, l.failed}, {false, l.late}, {true, l.lessons}, {true, l.money}, {true, l.imports}, {true, l.jobs},
	} {
		if kind.head && !l.asker.Head {
			continue
		}
		more, err := kind.find(today)
		if err != nil {
			return nil, err
		}
		needs = append(needs, more...)
	}
	return needs, nil
}

// doctor names what the quick checks find wrong. A failed job is a need of its own.
func (l look) doctor(Today) (needs []Need, err error) {
	for _, check := range ops.Glance(l.app, l.asker.Now).Checks {
		if check.State != ops.OK && check.Name != ops.CheckJobs {
			needs = append(needs, Need{"kind": "doctor", "name": check.Name, "state": check.State, "message": check.Text.In(l.asker.Lang)})
		}
	}
	return needs, nil
}

func (l look) setup(Today) ([]Need, error) {
	steps, err := site.LoadSetup(l.app)
	if err != nil || steps.Finished {
		return nil, err
	}
	return []Need{{"kind": "setup", "at": steps.At}}, nil
}

func (l look) locked(today Today) (needs []Need, err error) {
	for _, kiosk := range today.Kiosks {
		if kiosk.Locked {
			needs = append(needs, Need{"kind": "kiosk_locked", "id": kiosk.ID, "name": kiosk.Name})
		}
	}
	return needs, nil
}

func (l look) questions(Today) ([]Need, error) {
	var rows []struct {
		Reason string `db:"reason"`
		N      int    `db:"n"`
	}
	err := l.app.DB().NewQuery("SELECT reason, COUNT(*) AS n FROM kiosk_questions WHERE state = 'open' GROUP BY reason").All(&rows)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	n, reasons := 0, map[string]int{}
	for _, row := range rows {
		n += row.N
		reasons[row.Reason] = row.N
	}
	return []Need{{"kind": "questions", "n": n, "reasons": reasons}}, nil
}

// Coming is a homeroom that comes today, with how many holds to pull are for it.
type Coming struct {
	Name string `json:"name"`
	From string `json:"from"`
	N    int    `json:"n"`
}

// holds are those to pull, and what lies on the hold shelf for nobody.
func (l look) holds(today Today) (needs []Need, err error) {
	pull, err := desk.PullList(l.app, l.on)
	if err != nil {
		return nil, err
	}
	if len(pull) > 0 {
		needs = append(needs, Need{"kind": "pull", "n": len(pull), "rooms": comingFor(pull, today.Classes)})
	}
	over, err := desk.HoldsOver(l.app, l.asker.Now)
	if err == nil && len(over) > 0 {
		needs = append(needs, Need{"kind": "shelf", "n": len(over)})
	}
	return needs, err
}

// comingFor are the classes still to come, or here now, for whom something is to be pulled.
func comingFor(pull []desk.HoldRow, classes []Class) []Coming {
	coming, named := []Coming{}, map[string]bool{}
	for _, class := range classes {
		if class.over || named[class.Name] {
			continue
		}
		named[class.Name] = true
		n := 0
		for _, hold := range pull {
			if hold.Homeroom == class.Name {
				n++
			}
		}
		if n > 0 {
			coming = append(coming, Coming{class.Name, class.From, n})
		}
	}
	return coming
}

func (l look) failed(Today) ([]Need, error) {
	n, err := notices.CountFailed(l.app)
	if err != nil || n == 0 {
		return nil, err
	}
	return []Need{{"kind": "notices_failed", "n": n}}, nil
}

// late is what is overdue, with when families were last told and when they will be, and before it the notices that wait for paper.
func (l look) late(today Today) (needs []Need, err error) {
	paper, err := notices.CountForPaper(l.app, l.asker.Now)
	if err != nil {
		return nil, err
	}
	if paper > 0 {
		needs = append(needs, Need{"kind": "notices_paper", "n": paper})
	}
	if today.Counts.Late == 0 {
		return needs, nil
	}
	last, err := notices.LastOverdue(l.app)
	if err != nil {
		return nil, err
	}
	next, err := notices.NextOverdue(l.app, l.house.Calendar, l.asker.Now)
	return append(needs, Need{"kind": "late", "n": today.Counts.Late, "rooms": len(today.LateRooms), "last": last, "next": next}), err
}

// imports are those that a librarian began and that wait for a decision.
func (l look) imports(Today) (needs []Need, err error) {
	waiting, err := collections.All[collections.Import](l.app, "state IN ('ready', 'stopped', 'unreadable')", "created DESC, id", nil)
	for _, one := range waiting {
		needs = append(needs, Need{"kind": "import", "id": one.ID, "state": one.State, "file": one.File})
	}
	return needs, err
}

func (l look) jobs(Today) (needs []Need, err error) {
	failed, err := jobs.LastFailed(l.app)
	for _, run := range failed {
		needs = append(needs, Need{"kind": "job_failed", "job": run.Job, "error": run.Error})
	}
	return needs, err
}
