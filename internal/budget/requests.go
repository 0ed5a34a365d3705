package budget

import (
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/isbn"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// RequestView is a wish for the library to get something.
type RequestView struct {
	ID      string    `json:"id"`
	Updated string    `json:"updated"`
	Name    string    `json:"name"`
	Author  string    `json:"author"`
	ISBN    string    `json:"isbn"`
	Why     string    `json:"why"`
	For     string    `json:"for"`
	State   string    `json:"state"`
	Answer  string    `json:"answer"`
	By      string    `json:"by"`
	AskedAt string    `json:"asked_at"`
	Order   *OrderRef `json:"order"` // the order it is on
	Title   *TitleRef `json:"title"` // what it became
}

// RequestStates are where a request may be.
var RequestStates = []string{"asked", "ordered", "here", "declined"}

// requests are read with the order line that names them: as long as that stands it says whether the thing is ordered or here, whatever is undone.
const requests = `SELECT r.*, COALESCE(s.name, '') AS by_name, COALESCE(o.id, '') AS order_ref, COALESCE(o.number, '') AS number,
		COALESCE(t.id, '') AS title_ref, COALESCE(t.title, '') AS title_name,
		CASE WHEN r.state = 'declined' OR o.id IS NULL THEN r.state WHEN l.received > 0 THEN 'here' ELSE 'ordered' END AS stands
	FROM budget_requests r LEFT JOIN staff s ON s.id = r.staff
		LEFT JOIN budget_lines l ON l.id = (SELECT l2.id FROM budget_lines l2 JOIN budget_orders o2 ON o2.id = l2.order_id
			WHERE l2.request = r.id AND l2.request != '' AND o2.state != 'cancelled' ORDER BY l2.created DESC LIMIT 1)
		LEFT JOIN budget_orders o ON o.id = l.order_id LEFT JOIN titles t ON t.id = l.title AND l.title != ''`

type requestRow struct {
	collections.Request
	By        string `db:"by_name"`
	OrderID   string `db:"order_ref"`
	Number    string `db:"number"`
	TitleID   string `db:"title_ref"`
	TitleName string `db:"title_name"`
	Stands    string `db:"stands"`
}

func (r requestRow) view() RequestView {
	view := RequestView{
		ID: r.ID, Updated: r.Updated.String(), Name: r.Name, Author: r.Author, ISBN: r.ISBN, Why: r.Why, For: r.For, State: r.Stands, Answer: r.Answer, By: r.By,
		AskedAt: instant(r.Created),
	}
	if r.OrderID != "" {
		view.Order = &OrderRef{r.OrderID, r.Number}
	}
	if r.TitleID != "" {
		view.Title = &TitleRef{r.TitleID, r.TitleName}
	}
	return view
}

// Requests lists what was asked for, the newest first: in a state (empty for any), by a member of staff (id, empty for anybody).
func Requests(app core.App, state, by string) ([]RequestView, error) {
	return readRequests(app, "({:state} = '' OR stands = {:state}) AND ({:by} = '' OR staff = {:by})", dbx.Params{"state": state, "by": by})
}

func readRequests(app core.App, where string, params dbx.Params) ([]RequestView, error) {
	var rows []requestRow
	err := app.DB().NewQuery("SELECT * FROM (" + requests + ") WHERE " + where + " ORDER BY created DESC, id LIMIT 1000").Bind(params).All(&rows)
	views := make([]RequestView, 0, len(rows))
	for _, row := range rows {
		views = append(views, row.view())
	}
	return views, err
}

// RequestByID reads one: fault.NotFound.
func RequestByID(app core.App, id string) (RequestView, error) {
	views, err := readRequests(app, "id = {:id}", dbx.Params{"id": id})
	if err != nil {
		return RequestView{}, err
	}
	if len(views) == 0 {
		return RequestView{}, fault.New("budget.RequestByID", fault.NotFound, "budget.unknown").Named("unknown").At("id")
	}
	return views[0], nil
}

// Ask keeps a new request: fault.Invalid (name, isbn …). The same key again answers the same request.
func Ask(app core.App, key string, request collections.Request) (view RequestView, err error) {
	const op = "budget.Ask"
	if request, err = tidyRequest(op, request); err != nil {
		return view, err
	}
	err = app.RunInTransaction(func(app core.App) error {
		before, id, err := madeWith[collections.Request](app, op, "request:"+request.Staff, key, "")
		if err != nil {
			return err
		}
		if before.ID == "" {
			request.ID, request.State = id, "asked"
			if request, err = save(app, request, false); err != nil {
				return err
			}
			id = request.ID
		}
		view, err = RequestByID(app, id)
		return err
	})
	return view, err
}

func tidyRequest(op string, request collections.Request) (collections.Request, error) {
	request.Name, request.Author, request.For = site.OneLine(request.Name), site.OneLine(request.Author), site.OneLine(request.For)
	request.Why = strings.TrimSpace(request.Why)
	if request.Name == "" {
		return request, fault.New(op, fault.Invalid, "budget.needs_name").At("name")
	}
	for _, text := range []struct {
		field, value string
		most         int
	}{{"name", request.Name, 400}, {"author", request.Author, 200}, {"why", request.Why, 1000}, {"for", request.For, 120}} {
		if err := checkText(op, text.field, text.value, text.most); err != nil {
			return request, err
		}
	}
	known, _ := isbn.Parse(request.ISBN)
	if request.ISBN != "" && !known.Valid {
		return request, fault.New(op, fault.Invalid, "budget.bad_isbn").At("isbn")
	}
	request.ISBN = known.Text
	return request, nil
}

// Answer is what the librarian says to a request.
type Answer struct {
	Updated types.DateTime // of what was seen
	State   string
	Text    string
}

// AnswerRequest says what becomes of a request: fault.NotFound, fault.Invalid (state, answer: who declines says why), fault.Conflict (changed; in_use for declining
// what is on an order).
func AnswerRequest(app core.App, id string, answer Answer) (view RequestView, err error) {
	const op = "budget.AnswerRequest"
	answer.Text = strings.TrimSpace(answer.Text)
	switch {
	case !slices.Contains(RequestStates, answer.State):
		return view, fault.New(op, fault.Invalid, "budget.bad_state").At("state")
	case answer.State == "declined" && answer.Text == "":
		return view, fault.New(op, fault.Invalid, "budget.needs_answer").At("answer")
	}
	if err := checkText(op, "answer", answer.Text, 1000); err != nil {
		return view, err
	}
	err = app.RunInTransaction(func(app core.App) error {
		request, err := byID[collections.Request](app, op, id, "id")
		if err != nil {
			return err
		}
		if err := unchanged(op, answer.Updated, request.Updated, true); err != nil {
			return err
		}
		before, err := RequestByID(app, id)
		if err != nil {
			return err
		}
		if answer.State == "declined" && before.Order != nil {
			return fault.New(op, fault.Conflict, "budget.request_ordered", before.Order.Number).Named("in_use").At("state")
		}
		request.State, request.Answer = answer.State, answer.Text
		if err := collections.Update(app, request); err != nil {
			return err
		}
		view, err = RequestByID(app, id)
		return err
	})
	return view, err
}
