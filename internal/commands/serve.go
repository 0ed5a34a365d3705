package commands

import (
	"errors"
	"fmt"
	"net/http"

	"carrel/hooks"
	"carrel/internal/site"
	"carrel/internal/store"
	"carrel/kiosk"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
)

func (d *door) serve() *cobra.Command {
	var staffAddr, kioskAddr string
	command := &cobra.Command{
		Use: "serve", Short: "Open the staff door and the student door", Args: d.args(cobra.NoArgs),
		RunE: d.run(func(*cobra.Command, []string) error { return d.open(staffAddr, kioskAddr) }),
	}
	command.Flags().StringVar(&staffAddr, "http", "127.0.0.1:8090", "address of the staff door")
	command.Flags().StringVar(&kioskAddr, "kiosk", "127.0.0.1:8091", "address of the student door")
	return command
}

func (d *door) open(staffAddr, kioskAddr string) error {
	release, err := store.Serve(d.app.DataDir())
	if errors.Is(err, store.ErrServing) {
		return fmt.Errorf("%s is already served by another Carrel", d.app.DataDir())
	}
	if err != nil {
		return err
	}
	defer release()
	staff, err := hooks.New(d.app, d.public)
	if err != nil {
		return err
	}
	students, err := kiosk.New(d.app, d.public)
	if err != nil {
		return err
	}
	site.Watch(d.app)
	staff.Bind()
	students.Bind(kioskAddr)
	d.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		announce(staffAddr, kioskAddr, staff.SetupCode())
		return nil
	})
	// One origin only: our own pages. CORS otherwise answers everybody.
	err = apis.Serve(d.app, apis.ServeConfig{HttpAddr: staffAddr, AllowedOrigins: []string{"http://" + staffAddr}})
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func announce(staffAddr, kioskAddr, code string) {
	fmt.Printf("Carrel is open.\n  Staff     http://%s/staff/\n  Students  http://%s/\n", staffAddr, kioskAddr)
	if code != "" {
		fmt.Printf("\nThis library is new. Set it up at http://%s/staff/ with the code %s-%s\n", staffAddr, code[:4], code[4:])
	}
}
