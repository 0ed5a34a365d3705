package hooks

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/marc"
	saying "carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// titleRoutes are the record of one title: seen, edited in the simple form or as MARC, and its versions.
func (d *Door) titleRoutes() []Route {
	const path = "/api/carrel/titles/{id}"
	return []Route{
		{http.MethodPost, "/api/carrel/titles", peopleRoles, d.addTitle},
		{http.MethodGet, path, peopleRoles, d.title},
		{http.MethodPatch, path, peopleRoles, d.editTitle},
		{http.MethodDelete, path, onlyHead, d.deleteTitle},
		{http.MethodGet, path + "/marc", peopleRoles, d.titleMARC},
		{http.MethodPut, path + "/marc", peopleRoles, d.saveMARC},
		{http.MethodPost, path + "/marc/check", peopleRoles, d.checkMARC},
		{http.MethodGet, path + "/versions", peopleRoles, d.versions},
		{http.MethodGet, path + "/versions/{n}", peopleRoles, d.version},
		{http.MethodPost, path + "/restore", peopleRoles, d.restoreTitle},
		{http.MethodPut, path + "/cover", peopleRoles, d.saveCover},
		{http.MethodDelete, path + "/cover", peopleRoles, d.dropCover},
		{http.MethodPut, path + "/tags", peopleRoles, d.saveTags},
	}
}

// changeOf is a change of the title in the path by the one who asks.
func changeOf(e *core.RequestEvent, updated, sitting, how string) (catalog.Change, error) {
	c := catalog.Change{Title: e.Request.PathValue("id"), Updated: updated, Staff: e.Auth.Id, How: how, Sitting: sitting}
	return c, required("updated", updated)
}

func (d *Door) title(e *core.RequestEvent) error {
	view, err := viewTitle(e, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return ok(e, view)
}

// editTitle lays the fields that were typed over those of the title.
func (d *Door) editTitle(e *core.RequestEvent) error {
	var body struct {
		Updated string          `json:"updated"`
		Sitting string          `json:"sitting"`
		Fields  json.RawMessage `json:"fields"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	change, err := changeOf(e, body.Updated, body.Sitting, catalog.HowForm)
	if err != nil {
		return err
	}
	err = catalog.EditForm(e.App, change, func(form *marc.Form) error { return decodeForm(body.Fields, form) })
	return answerSaved(e, err)
}

// decodeForm lays the fields of a body over a form. A field that the form does not have is a mistake, and so is one of another type.
func decodeForm(fields json.RawMessage, form *marc.Form) error {
	if len(fields) == 0 {
		return required("fields", "")
	}
	decoder := json.NewDecoder(bytes.NewReader(fields))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(form)
	var wrongType *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrongType):
		return fault.New("hooks.decodeForm", fault.Invalid, "door.wrong_type", wrongType.Field).At(wrongType.Field)
	}
	if _, name, unknown := strings.Cut(err.Error(), "unknown field "); unknown {
		name, _ = strconv.Unquote(name) //nolint:errcheck // then it has no name
		return fault.New("hooks.decodeForm", fault.Invalid, "door.unknown_field", name).At("fields")
	}
	return fault.New("hooks.decodeForm", fault.Invalid, "door.bad_json").At("fields")
}

// answerSaved answers a title as it is after a change; to one whose change came too late, as somebody else saved it.
func answerSaved(e *core.RequestEvent, saved error) error {
	var since *fault.Error
	if changed := errors.As(saved, &since) && since.Word == "changed"; saved != nil && !changed {
		return saved
	}
	view, err := viewTitle(e, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if since != nil {
		return conflict(e, since, map[string]any{"current": view})
	}
	return ok(e, view)
}

// conflict is a 409 with more than its code.
func conflict(e *core.RequestEvent, since *fault.Error, data map[string]any) error {
	data["code"] = since.Word
	return e.JSON(http.StatusConflict, map[string]any{"status": http.StatusConflict, "message": since.Text.In(langOf(e)), "data": data})
}

// addTitle makes a title that was typed in, or a copy of another one.
func (d *Door) addTitle(e *core.RequestEvent) error {
	var body struct {
		Key    string          `json:"key"`
		Fields json.RawMessage `json:"fields"`
		From   string          `json:"from"`
		Again  bool            `json:"again"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("key", body.Key); err != nil {
		return err
	}
	var form marc.Form
	if body.From != "" {
		var err error
		if form, err = catalog.CopyOf(e.App, body.From); err != nil {
			return err
		}
	}
	if body.From == "" || len(body.Fields) > 0 {
		if err := decodeForm(body.Fields, &form); err != nil {
			return err
		}
	}
	id, err := catalog.Make(e.App, catalog.New{Key: body.Key, Form: form, From: body.From, Again: body.Again}, time.Now())
	var here *catalog.AlreadyHere
	if errors.As(err, &here) {
		return answerHere(e, err, here.Titles)
	}
	if err != nil {
		return err
	}
	view, err := viewTitle(e, id)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, view)
}

func answerHere(e *core.RequestEvent, err error, ids []string) error {
	var refused *fault.Error
	if !errors.As(err, &refused) {
		return err
	}
	titles := []map[string]any{}
	for _, id := range ids {
		title, _, _, err := catalog.Standing(e.App, id)
		if err != nil {
			return err
		}
		titles = append(titles, map[string]any{
			"id": id, "title": title.Title, "author": title.Author, "year": title.Year, "isbn": title.ISBN, "call_number": title.CallNumber,
			"cover": catalog.CoverVersion(title.Cover),
		})
	}
	return conflict(e, refused, map[string]any{"titles": titles})
}

func (d *Door) deleteTitle(e *core.RequestEvent) error {
	if err := catalog.Delete(e.App, e.Request.PathValue("id")); err != nil {
		return err
	}
	return ok(e, map[string]any{"deleted": true})
}

// marcField is a field of a record with what it is for.
type marcField struct {
	marc.DraftField
	Means string `json:"means"`
	Fixed bool   `json:"fixed,omitempty"` // of a copy: changed in the list of copies
}

type problemAnswer struct {
	At      string `json:"at"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Hard    bool   `json:"hard"`
}

func explain(draft marc.Draft, fixed map[int]bool, lang saying.Lang) []marcField {
	fields := make([]marcField, len(draft.Fields))
	for i, field := range draft.Fields {
		var roles []string
		for _, sub := range field.Subfields {
			if sub.Code == "e" {
				roles = append(roles, sub.Value)
			}
		}
		fields[i] = marcField{field, catalog.MeansOf(field.Tag, field.Ind1, field.Ind2, roles...).In(lang), fixed[i]}
	}
	return fields
}

func answerProblems(problems []marc.Problem, lang saying.Lang) []problemAnswer {
	answers := []problemAnswer{}
	for _, p := range problems {
		answers = append(answers, problemAnswer{p.At, p.Code, catalog.SayProblem(p).In(lang), p.Hard})
	}
	return answers
}

func (d *Door) titleMARC(e *core.RequestEvent) error { return answerMARC(e, nil) }

// answerMARC answers a title's record field by field, with remarks on what was just saved.
func answerMARC(e *core.RequestEvent, remarks []marc.Problem) error {
	id := e.Request.PathValue("id")
	title, record, updated, err := catalog.Standing(e.App, id)
	if err != nil {
		return err
	}
	draft := marc.DraftOf(record)
	if remarks == nil {
		_, remarks = draft.Check()
	}
	fixed := map[int]bool{}
	for _, item := range marc.Items(record, title.ItemTag) {
		fixed[item.FieldIndex] = true
	}
	versions, err := catalog.CountVersions(e.App, id)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{
		"updated": updated, "leader": draft.Leader, "fields": explain(draft, fixed, langOf(e)), "problems": answerProblems(remarks, langOf(e)), "versions": versions,
	})
}

func (d *Door) checkMARC(e *core.RequestEvent) error {
	var draft marc.Draft
	if err := read(e, &draft); err != nil {
		return err
	}
	record, problems, err := catalog.CheckMARC(e.App, e.Request.PathValue("id"), draft)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{
		"leader": record.Leader, "fields": explain(draft, nil, langOf(e)), "problems": answerProblems(problems, langOf(e)),
	})
}

func (d *Door) saveMARC(e *core.RequestEvent) error {
	var body struct {
		marc.Draft
		Updated string `json:"updated"`
		Sitting string `json:"sitting"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	change, err := changeOf(e, body.Updated, body.Sitting, catalog.HowMARC)
	if err != nil {
		return err
	}
	err = catalog.EditMARC(e.App, change, body.Draft)
	var since *fault.Error
	if errors.As(err, &since) && since.Word == "changed" {
		return answerSaved(e, err)
	}
	if err != nil {
		return err
	}
	_, remarks := body.Check()
	if remarks == nil {
		remarks = []marc.Problem{}
	}
	return answerMARC(e, remarks)
}

func (d *Door) versions(e *core.RequestEvent) error {
	versions, err := catalog.Versions(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"versions": versions})
}

func (d *Door) version(e *core.RequestEvent) error {
	n, err := strconv.Atoi(e.Request.PathValue("n"))
	if err != nil {
		return fault.New("hooks.version", fault.Invalid, "door.wrong_type", "n").At("n")
	}
	record, err := catalog.VersionOf(e.App, e.Request.PathValue("id"), n)
	if err != nil {
		return err
	}
	draft := marc.DraftOf(record)
	return ok(e, map[string]any{"n": n, "leader": draft.Leader, "fields": explain(draft, nil, langOf(e))})
}

func (d *Door) restoreTitle(e *core.RequestEvent) error {
	var body struct {
		N       int    `json:"n"`
		Updated string `json:"updated"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	change, err := changeOf(e, body.Updated, "", catalog.HowRestore)
	if err != nil {
		return err
	}
	return answerSaved(e, catalog.Restore(e.App, change, body.N))
}

func (d *Door) saveCover(e *core.RequestEvent) error {
	cover, updated, err := catalog.SaveCover(e.App, e.Request.PathValue("id"), e.Request.Body)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"cover": cover, "updated": updated})
}

func (d *Door) dropCover(e *core.RequestEvent) error {
	updated, err := catalog.DropCover(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"cover": "", "updated": updated})
}

func (d *Door) saveTags(e *core.RequestEvent) error {
	var body struct {
		Tags []string `json:"tags"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	id := e.Request.PathValue("id")
	if err := catalog.SetTags(e.App, id, body.Tags); err != nil {
		return err
	}
	tags, err := catalog.Tags(e.App, id)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"tags": tags})
}
