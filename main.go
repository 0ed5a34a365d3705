// Carrel is the school library that keeps working when the internet doesn't. This file wires it together and decides nothing.
package main

import (
	"embed"
	"io/fs"
	"os"
	_ "time/tzdata" // a Pi image may come without time zones

	"carrel/internal/commands"
	"carrel/internal/store"
	_ "carrel/pb_migrations"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/cmd"
)

//go:embed all:pb_public
var public embed.FS

// version is set by make release.
var version = "dev"

func main() { os.Exit(run()) }

func run() int {
	pocketbase.Version = version
	app := pocketbase.NewWithConfig(pocketbase.Config{
		DefaultDataDir:  "pb_data",
		HideStartBanner: true,
		DBConnect:       store.Connect,
		// PocketBase's own 120 connections would each keep a page cache: more memory than a Pi has to spare.
		DataMaxOpenConns: 8,
		DataMaxIdleConns: 3,
	})
	app.RootCmd.Use, app.RootCmd.Short = "carrel", "The school library that keeps working when the internet doesn't"
	store.BindOpen(app)

	apps, err := fs.Sub(public, "pb_public")
	if err != nil {
		return commands.Fail(err)
	}
	status := commands.Bind(app, apps)
	app.RootCmd.AddCommand(cmd.NewSuperuserCommand(app))
	if err := app.Execute(); err != nil {
		return commands.Fail(err)
	}
	return status.Code()
}
