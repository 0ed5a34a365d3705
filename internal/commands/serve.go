package commands

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"

	"carrel/hooks"
	"carrel/internal/demo"
	"carrel/internal/jobs"
	"carrel/internal/notices"
	"carrel/internal/ops"
	"carrel/internal/privacy"
	"carrel/internal/site"
	"carrel/internal/store"
	"carrel/kiosk"

	"github.com/jonboulle/clockwork"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
)

func (d *door) serve() *cobra.Command {
	var staffAddr, kioskAddr string
	var showDemo bool
	command := &cobra.Command{
		Use: "serve", Short: "Open the staff door and the student door", Args: d.args(cobra.NoArgs),
		RunE: d.run(func(*cobra.Command, []string) error { return d.open(staffAddr, kioskAddr, showDemo) }),
	}
	command.Flags().StringVar(&staffAddr, "http", "127.0.0.1:8090", "address of the staff door")
	command.Flags().StringVar(&kioskAddr, "kiosk", "127.0.0.1:8091", "address of the student door")
	command.Flags().BoolVar(&showDemo, "show-demo", false, "print the sign-in and a card of the sample school")
	return command
}

func (d *door) open(staffAddr, kioskAddr string, showDemo bool) error {
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
	site.Bind(d.app)
	privacy.Bind(d.app)
	staff.Bind()
	students.Bind(kioskAddr)
	d.schedule()
	d.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		announce(staffAddr, kioskAddr, staff.SetupCode())
		if showDemo {
			return announceDemo(d.app)
		}
		return nil
	})
	// One origin only: our own pages. CORS otherwise answers everybody.
	err = apis.Serve(d.app, apis.ServeConfig{HttpAddr: staffAddr, AllowedOrigins: []string{"http://" + staffAddr}})
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return plainly(err)
}

// plainly says that a door's address is taken.
func plainly(err error) error {
	var taken *net.OpError
	if errors.Is(err, syscall.EADDRINUSE) && errors.As(err, &taken) {
		return fmt.Errorf("another program already uses %s; stop it, or choose another address with --http (staff) or --kiosk (students)", taken.Addr)
	}
	return err
}

func announce(staffAddr, kioskAddr, code string) {
	fmt.Printf("Carrel is open.\n  Staff     http://%s/staff/\n  Students  http://%s/\n", staffAddr, kioskAddr)
	if code != "" {
		fmt.Printf("\nThis library is new. Set it up at http://%s/staff/ with the code %s-%s\n", staffAddr, code[:4], code[4:])
	}
}

// announceDemo prints how to try the sample school; a library that is not one has nothing to print.
func announceDemo(app core.App) error {
	card, err := demo.Card(app)
	if err != nil || card == "" {
		return err
	}
	fmt.Printf("\nThe sample school:\n  Sign-in   %s\n  Password  %s\n  A card    %s\n", demo.Email, demo.Password, card)
	return nil
}

// schedule runs what is due by itself while the server runs: the morning's notices, and what is done every night.
func (d *door) schedule() {
	var stops []func() error
	d.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		clock := clockwork.NewRealClock()
		stopNotices, err := notices.Schedule(e.App, clock)
		if err != nil {
			return err
		}
		stops = append(stops, stopNotices)
		stopNightly, err := jobs.Schedule(e.App, clock, ops.Nightly)
		if err != nil {
			return err
		}
		stops = append(stops, stopNightly)
		return e.Next()
	})
	d.app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		for _, stop := range stops {
			if err := stop(); err != nil {
				e.App.Logger().Warn("the scheduled jobs did not stop in time", "error", err)
			}
		}
		return e.Next()
	})
}
