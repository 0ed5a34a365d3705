package commands

import (
	"errors"
	"fmt"
	"os"

	"carrel/internal/desk"
	"carrel/internal/store"

	"github.com/spf13/cobra"
)

func (d *door) rebuild() *cobra.Command {
	var write bool
	command := &cobra.Command{
		Use: "rebuild", Short: "Compare the state of all loans with the facts", Args: d.args(cobra.NoArgs),
		RunE: d.run(func(*cobra.Command, []string) error {
			if write {
				release, err := store.Serve(d.app.DataDir())
				if err != nil {
					return errors.New("a server is running on this folder; stop it before repairing with --write")
				}
				defer release()
			}
			differences := 0
			loans, err := desk.Rebuild(d.app, write, func(found desk.Difference) {
				differences++
				fmt.Printf("loan %s: %s is %q, the facts say %q\n", found.Loan, found.Field, found.Is, found.Facts)
			})
			if err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "%d loans compared with their facts, %d differences.\n", loans, differences)
			if differences > 0 {
				return errSilent
			}
			return nil
		}),
	}
	command.Flags().BoolVar(&write, "write", false, "write what the facts say (no server may be running)")
	return command
}
