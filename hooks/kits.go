package hooks

import (
	"io"
	"net/http"
	"strings"
	"time"

	"carrel/internal/kits"
	"carrel/internal/print"
	saying "carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// kitRoutes are the ready-made lessons.
func (d *Door) kitRoutes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/kits", onlyHead, d.kits},
		{http.MethodGet, "/api/carrel/kits/{id}", onlyHead, d.kit},
		{http.MethodPost, "/api/carrel/kits/{id}", onlyHead, d.useKit},
		{http.MethodGet, "/api/carrel/kits/{id}/{handout}", onlyHead, d.kitHandout},
	}
}

// kitLang is ?language=, else the language of the one who asks.
func kitLang(e *core.RequestEvent) saying.Lang {
	if asked := e.Request.URL.Query().Get("language"); asked != "" {
		return saying.LangOf(asked)
	}
	return langOf(e)
}

func (d *Door) kits(e *core.RequestEvent) error {
	cards, err := kits.Gallery(kitLang(e))
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"kits": cards})
}

func (d *Door) kit(e *core.RequestEvent) error {
	kit, err := kits.Show(e.Request.PathValue("id"), kitLang(e))
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"kit": kit})
}

func (d *Door) kitHandout(e *core.RequestEvent) error {
	which, _ := strings.CutSuffix(e.Request.PathValue("handout"), ".pdf")
	return answerPDF(e, which+".pdf", func(w io.Writer, warn func(print.Warning)) error {
		return kits.PrintHandout(e.App, w, warn, e.Request.PathValue("id"), which, kitLang(e), time.Now())
	})
}

func (d *Door) useKit(e *core.RequestEvent) error {
	var body struct {
		Key      string `json:"key"`
		Language string `json:"language"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := teachingAct(e, body.Key)
	if err != nil {
		return err
	}
	lang := kitLang(e)
	if body.Language != "" {
		lang = saying.LangOf(body.Language)
	}
	lesson, err := kits.Use(e.App, act, e.Request.PathValue("id"), lang)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"lesson": lesson})
}
