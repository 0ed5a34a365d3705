package hooks

import (
	"net/http"
	"strings"

	"carrel/internal/live"
)

// changes are the kinds of things that a command may change, by the first word of its path, or of its whole path where that says more. To name a kind too
// many costs a staff app one question.
var changes = map[string][]live.Kind{
	"checkouts":       {live.Loans, live.Holds, live.Items},
	"returns":         {live.Loans, live.Holds, live.Items, live.Notices},
	"renewals":        {live.Loans},
	"undo":            {live.Loans, live.Holds, live.Items, live.Patrons, live.Questions},
	"class-checkouts": {live.Loans, live.Holds, live.Items},
	"class-renewals":  {live.Loans},
	"dues":            {live.Loans},
	"terms":           {live.Loans},
	"holds":           {live.Holds, live.Items, live.Notices},
	"claims":          {live.Loans, live.Items},
	"marks":           {live.Loans, live.Holds, live.Items},
	"inventories":     {live.Items},
	"items":           {live.Items, live.Titles},
	"charges":         {live.Patrons},
	"settlements":     {live.Patrons},
	"patrons":         {live.Patrons},
	"restrictions":    {live.Patrons},
	"homerooms":       {live.Patrons},
	"notices":         {live.Notices},
	"kiosks":          {live.Kiosks},
	"questions":       {live.Questions, live.Loans, live.Holds, live.Items},
	"imports":         {live.Imports},
	"saved-reports":   nil,
	"rules":           {live.Settings},
	"calendar":        {live.Settings},
	"settings":        {live.Settings},
	"setup":           {live.Settings},
	"lists":           {live.Lists},
	"teaching":        {live.Teaching},
	"lessons":         {live.Teaching},
	"standards":       {live.Teaching},
	"kits":            {live.Teaching, live.Checks},
	"checks":          {live.Checks},
	"runs":            {live.Checks},
	"evidence":        {live.Checks},
	"budget":          {live.Budget},
	"me":              nil,
	"staff":           {live.Settings},
	"recovery":        {live.Settings},
	"recover":         nil,
	"patron-types":    {live.Settings},
	"item-types":      {live.Settings},
	"locations":       {live.Settings},
	"titles":          {live.Titles, live.Items},
	"rules/try":       nil,
	"adds":            {live.Adds},
	"adds/commit":     {live.Adds, live.Imports},
	"pool":            {live.Adds},
	"settings/lookup": {live.Settings, live.Adds},

	"titles/{id}/marc/check": nil,
	"exports":                nil,
	"labels.pdf":             nil,
	"merges":                 {live.Titles, live.Items, live.Holds},

	"notices/test":              nil,
	"notices/templates/preview": nil,
	"settings/paper/measure":    nil,
	"settings/lookup/test":      nil,
	"settings/map":              {live.Lists, live.Settings},
}

// changedByImports are what bulk work may have changed when its state does.
var changedByImports = []live.Kind{live.Imports, live.Titles, live.Items, live.Patrons, live.Settings, live.Adds}

// changedBy are the kinds that a route may change; a question changes nothing.
func changedBy(route Route) []live.Kind {
	if route.Method == http.MethodGet {
		return nil
	}
	path := strings.TrimPrefix(route.Path, "/api/carrel/")
	if kinds, known := changes[path]; known {
		return kinds
	}
	first, _, _ := strings.Cut(path, "/")
	return changes[first]
}
