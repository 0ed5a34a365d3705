package commands

import (
	"errors"
	"fmt"
	"os"

	"carrel/internal/budget"
	"carrel/internal/desk"
	"carrel/internal/store"
	"carrel/internal/use"

	"github.com/spf13/cobra"
)

func (d *door) rebuild() *cobra.Command {
	var write bool
	command := &cobra.Command{
		Use: "rebuild", Short: "Compare all state with the facts it is derived from", Args: d.args(cobra.NoArgs),
		RunE: d.run(func(c *cobra.Command, _ []string) error {
			if write {
				release, err := store.Serve(d.app.DataDir())
				if err != nil {
					return errors.New("a server is running on this folder; stop it before repairing with --write")
				}
				defer release()
			}
			differences := 0
			line := newProgress("facts read")
			rebuilt, err := desk.Rebuild(d.app, write, func(found desk.Difference) {
				differences++
				fmt.Printf("%s %s: %s is %q, the facts say %q\n", found.Kind, found.ID, found.Field, found.Is, found.Facts)
			}, line.show)
			line.end()
			if err != nil {
				return err
			}
			counts, err := use.Rebuild(c.Context(), d.app, write, func(found use.Difference) {
				differences++
				fmt.Printf("%s %s: is %s, the facts say %s\n", found.Table, found.Key, found.Is, found.Facts)
			})
			if err != nil {
				return err
			}
			money, err := budget.Rebuild(d.app, write)
			if err != nil {
				return err
			}
			for _, found := range money {
				differences++
				fmt.Printf("%s %s: is %s, the facts say %s\n", found.Table, found.ID, found.Is, found.Facts)
			}
			fmt.Fprintf(os.Stderr, "%d loans, %d items, %d holds, %d charges and %d counts compared with their facts, %d differences.\n",
				rebuilt.Loans, rebuilt.Items, rebuilt.Holds, rebuilt.Fees, counts, differences)
			if differences > 0 {
				return errSilent
			}
			return nil
		}),
	}
	command.Flags().BoolVar(&write, "write", false, "write what the facts say (no server may be running)")
	return command
}
