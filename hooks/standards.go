package hooks

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"carrel/collections"
	"carrel/internal/frameworks"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
)

const standardsPath = "/api/carrel/standards"

var coverRoles = []collections.Role{collections.Librarian, collections.Principal}

// standardRoutes are the learning standards that lessons name.
func (d *Door) standardRoutes() []Route {
	return []Route{
		{http.MethodGet, standardsPath, roomRoles, d.frameworks},
		{http.MethodPost, standardsPath, onlyHead, d.importFramework},
		{http.MethodGet, standardsPath + "/search", roomRoles, d.findStandards},
		{http.MethodGet, standardsPath + "/coverage", coverRoles, d.coverage},
		{http.MethodGet, standardsPath + "/{id}", roomRoles, d.framework},
		{http.MethodDelete, standardsPath + "/{id}", onlyHead, d.deleteFramework},
	}
}

func (d *Door) frameworks(e *core.RequestEvent) error {
	all, err := frameworks.All(e.App, langOf(e))
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"frameworks": all})
}

// framework answers a whole tree, which may be a megabyte: packed (see Mount), and once only while it stays as it is.
func (d *Door) framework(e *core.RequestEvent) error {
	tree, err := frameworks.ReadTree(e.App, e.Request.PathValue("id"), langOf(e))
	if err != nil {
		return err
	}
	body, err := json.Marshal(tree)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	tag := `W/"` + hex.EncodeToString(sum[:10]) + `"`
	header := e.Response.Header()
	header.Set("ETag", tag)
	header.Set("Cache-Control", "private, no-cache")
	header.Add("Vary", "Authorization, Accept-Language")
	if e.Request.Header.Get("If-None-Match") == tag {
		return e.NoContent(http.StatusNotModified)
	}
	return e.Blob(http.StatusOK, "application/json", body)
}

func (d *Door) findStandards(e *core.RequestEvent) error {
	asked := e.Request.URL.Query()
	found, near, err := frameworks.Find(e.App, frameworks.Search{Text: asked.Get("q"), Grade: asked.Get("grade"), Framework: asked.Get("framework")}, langOf(e))
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"statements": found, "near": near})
}

// importFramework takes a file as the body.
func (d *Door) importFramework(e *core.RequestEvent) error {
	asked := e.Request.URL.Query()
	name := asked.Get("file")
	if err := required("file", name); err != nil {
		return err
	}
	var body io.Reader = e.Request.Body
	if copied, ok := body.(*router.RereadableReadCloser); ok {
		body = copied.ReadCloser
	}
	dry := asked.Get("dry_run") == "1"
	shown, err := frameworks.Import(e.App, io.LimitReader(body, frameworks.MaxFile+1), name, langOf(e), dry)
	if err != nil {
		return err
	}
	if dry {
		return ok(e, shown)
	}
	return e.JSON(http.StatusCreated, shown)
}

func (d *Door) deleteFramework(e *core.RequestEvent) error {
	return deleted(e, frameworks.Delete(e.App, e.Request.PathValue("id")))
}

// coverage counts the school year until today, when no days are named.
func (d *Door) coverage(e *core.RequestEvent) error {
	asked := e.Request.URL.Query()
	school, err := site.Load(e.App)
	if err != nil {
		return err
	}
	today := policy.DayOf(time.Now(), school.Location())
	from, err := dayOr("from", asked.Get("from"), site.SchoolYear(today))
	if err != nil {
		return err
	}
	until, err := dayOr("until", asked.Get("until"), today)
	if err != nil {
		return err
	}
	covered, err := frameworks.Cover(e.App, asked.Get("framework"), from, until, langOf(e))
	if err != nil {
		return err
	}
	return ok(e, struct {
		frameworks.Coverage
		From  string `json:"from"`
		Until string `json:"until"`
	}{covered, from.String(), until.String()})
}

// dayOr reads a day of a query; empty is the day given.
func dayOr(field, text string, otherwise policy.Day) (policy.Day, error) {
	if text == "" {
		return otherwise, nil
	}
	return parseDay(field, text)
}
