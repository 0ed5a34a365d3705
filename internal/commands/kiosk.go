package commands

import (
	"fmt"
	"time"

	"carrel/kiosk"

	"github.com/spf13/cobra"
)

func (d *door) kiosk() *cobra.Command {
	pair := &cobra.Command{
		Use: "pair", Short: "Print a one-time code that pairs a kiosk within ten minutes", Args: d.args(cobra.NoArgs),
		RunE: d.run(func(*cobra.Command, []string) error {
			code, _, err := kiosk.NewCode(d.app, time.Now())
			if err != nil {
				return err
			}
			fmt.Println(code)
			return nil
		}),
	}
	return d.group("kiosk", "The self-checkout stations", pair)
}
