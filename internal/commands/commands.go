// Package commands is the command line door: it reads flags and files, calls a subject, and prints. Every command works while a
// server runs on the same folder, unless it says otherwise.
package commands

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase"
	"github.com/spf13/cobra"
)

// Exit statuses: done, failed, wrong usage.
const (
	done   = 0
	failed = 1
	usage  = 2
)

// Status collects the exit status: PocketBase's Execute swallows what a command returns.
type Status struct{ code int }

// Code is the exit status of the command that ran.
func (s *Status) Code() int { return s.code }

// door is what every command needs.
type door struct {
	app    *pocketbase.PocketBase
	public fs.FS
	status *Status
}

// Bind adds every command to the app. public holds the built web apps.
func Bind(app *pocketbase.PocketBase, public fs.FS) *Status {
	d := &door{app: app, public: public, status: &Status{code: usage}}
	app.RootCmd.SilenceUsage = true
	app.RootCmd.SilenceErrors = true
	app.RootCmd.FParseErrWhitelist = cobra.FParseErrWhitelist{} // a mistyped flag is wrong usage, not ignored
	app.RootCmd.PersistentPreRun = func(*cobra.Command, []string) { d.status.code = done }
	app.RootCmd.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return d.wrongUsage(c, err) })
	app.RootCmd.Args = d.args(cobra.NoArgs)
	help := app.RootCmd.HelpFunc()
	app.RootCmd.SetHelpFunc(func(c *cobra.Command, args []string) {
		d.status.code = done // asked for, it is no wrong usage
		help(c, args)
	})
	app.RootCmd.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	for _, command := range []*cobra.Command{
		d.serve(), d.demo(), d.staff(), d.imports(), d.export(), d.loans(), d.notices(), d.print(), d.kiosk(), d.reindex(), d.rebuild(), d.doctor(), d.bench(),
	} {
		app.RootCmd.AddCommand(command)
	}
	return d.status
}

// run wraps a command so that its error is printed once and becomes the exit status.
func (d *door) run(do func(c *cobra.Command, args []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		err := do(c, args)
		if err != nil {
			d.status.code = Fail(err)
		}
		if namesFlag(c, err) {
			d.status.code = usage
		}
		return nil
	}
}

// namesFlag tells whether err is about the value of a flag.
func namesFlag(c *cobra.Command, err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Code == fault.Invalid && f.Field != "" && c.Flags().Lookup(f.Field) != nil
}

func (d *door) wrongUsage(c *cobra.Command, err error) error {
	d.status.code = usage
	fmt.Fprintf(os.Stderr, "%s\nSee '%s --help'.\n", err, c.CommandPath())
	return err
}

// args wraps cobra's checks of the number of arguments, so that a wrong number is exit status 2.
func (d *door) args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return d.wrongUsage(c, err)
		}
		return nil
	}
}

// errSilent fails a command that has already said why.
var errSilent = errors.New("")

// Fail prints an error as a sentence on stderr and answers the exit status.
func Fail(err error) int {
	var f *fault.Error
	switch {
	case errors.Is(err, errSilent):
	case errors.As(err, &f) && f.Code != fault.Internal:
		fmt.Fprintln(os.Stderr, f.Text.In(say.English))
	default:
		fmt.Fprintln(os.Stderr, err)
	}
	return failed
}

// printJSON prints the one JSON object of --json.
func printJSON(value any) error {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// group is a command that only holds others.
func (d *door) group(use, short string, children ...*cobra.Command) *cobra.Command {
	command := &cobra.Command{Use: use, Short: short, Args: d.args(cobra.NoArgs), RunE: func(c *cobra.Command, _ []string) error {
		defer func() { d.status.code = usage }()
		return c.Help()
	}}
	command.AddCommand(children...)
	return command
}
