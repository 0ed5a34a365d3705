package commands

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"carrel/collections"
	"carrel/internal/staff"

	"github.com/spf13/cobra"
)

func (d *door) staff() *cobra.Command {
	var role, password, name string
	upsert := &cobra.Command{
		Use: "upsert EMAIL", Short: "Make or change an account of somebody who runs the library", Args: d.args(cobra.ExactArgs(1)),
		RunE: d.run(func(_ *cobra.Command, args []string) error {
			if password == "" {
				line, err := bufio.NewReader(os.Stdin).ReadString('\n')
				if err != nil && line == "" {
					return fmt.Errorf("give the password with --password or on standard input")
				}
				password = strings.TrimRight(line, "\r\n")
			}
			account := staff.Account{Email: args[0], Name: name, Password: password, Role: collections.Role(role)}
			if err := staff.Upsert(d.app, account); err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "%s is now %s.\n", args[0], role)
			return nil
		}),
	}
	upsert.Flags().StringVar(&role, "role", "", "librarian, aide, volunteer, teacher, principal or coordinator")
	upsert.Flags().StringVar(&password, "password", "", "the password; read from standard input when left out")
	upsert.Flags().StringVar(&name, "name", "", "the person's name")
	return d.group("staff", "The accounts of the people who run the library", upsert)
}
