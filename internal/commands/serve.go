package commands

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"syscall"

	"carrel/hooks"
	"carrel/internal/catalog"
	"carrel/internal/checks"
	"carrel/internal/demo"
	"carrel/internal/jobs"
	"carrel/internal/notices"
	"carrel/internal/ops"
	"carrel/internal/privacy"
	"carrel/internal/site"
	"carrel/internal/store"
	"carrel/internal/today"
	"carrel/internal/use"
	"carrel/kiosk"

	"github.com/jonboulle/clockwork"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
)

// serveFlags say where the doors open.
type serveFlags struct {
	staff, kiosk string
	showDemo     bool
	lan          lanFlags
}

func (d *door) serve() *cobra.Command {
	var flags serveFlags
	command := &cobra.Command{
		Use: "serve", Short: "Open the staff door and the student door", Args: d.args(cobra.NoArgs),
		RunE: d.run(func(c *cobra.Command, _ []string) error {
			if err := flags.lan.check(c); err != nil {
				return err
			}
			if flags.lan.on && !c.Flags().Changed("http") {
				flags.staff = ":8443"
			}
			if flags.lan.on && !c.Flags().Changed("kiosk") {
				flags.kiosk = ":8444"
			}
			return d.open(flags)
		}),
	}
	command.Flags().StringVar(&flags.staff, "http", "127.0.0.1:8090", "address of the staff door")
	command.Flags().StringVar(&flags.kiosk, "kiosk", "127.0.0.1:8091", "address of the student door")
	command.Flags().BoolVar(&flags.showDemo, "show-demo", false, "print the sign-in and a card of the sample school")
	flags.lan.bind(command)
	return command
}

func (d *door) open(flags serveFlags) error {
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
	open := opening{
		origins:  []string{"http://" + flags.staff}, // one origin only: our own pages. CORS otherwise answers everybody
		announce: func(code string) string { return announce(flags.staff, flags.kiosk, code) },
	}
	if flags.lan.on {
		network, err := d.joinLAN(flags)
		if err != nil {
			return err
		}
		d.app.OnServe().BindFunc(network.secureStaff)
		open = opening{network.config, network.origins(), network.announce}
	}
	students.Bind(flags.kiosk, open.secure)
	d.schedule()
	d.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		staff.SetStudents(open.announce(staff.SetupCode()))
		if flags.showDemo {
			return announceDemo(d.app)
		}
		return nil
	})
	err = apis.Serve(d.app, apis.ServeConfig{HttpAddr: flags.staff, AllowedOrigins: open.origins})
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return plainly(err)
}

// opening is how the doors open: with TLS or (secure is nil) without, to which origins, and what is said of it.
type opening struct {
	secure   *tls.Config
	origins  []string
	announce func(code string) (students string)
}

// plainly says that a door's address is taken.
func plainly(err error) error {
	var taken *net.OpError
	if errors.Is(err, syscall.EADDRINUSE) && errors.As(err, &taken) {
		return fmt.Errorf("another program already uses %s; stop it, or choose another address with --http (staff), --kiosk (students) or --trust (certificate)", taken.Addr)
	}
	return err
}

// announce prints where the doors are and answers the address of the student door.
func announce(staffAddr, kioskAddr, code string) (students string) {
	fmt.Printf("Carrel is open.\n  Staff     http://%s/staff/\n  Students  http://%s/\n", staffAddr, kioskAddr)
	printSetup("http://"+staffAddr, code)
	return "http://" + kioskAddr
}

// printSetup prints the code of a library that is new; origin is the staff door's.
func printSetup(origin, code string) {
	if code != "" {
		fmt.Printf("\nThis library is new. Set it up at %s/staff/ with the code %s-%s\n", origin, code[:4], code[4:])
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

// renewIndex goes through what an older program left in the search index, while the doors are open. It ends by itself, or when it is stopped.
func renewIndex(app core.App) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		renewed, err := catalog.Renew(ctx, app)
		if err != nil && ctx.Err() == nil {
			app.Logger().Warn("renewing the search index", "error", err)
		} else if renewed > 0 {
			app.Logger().Info("renewed the search index", "titles", renewed)
		}
	}()
	return func() error {
		cancel()
		<-ended
		return nil
	}
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
		stopNightly, err := jobs.Schedule(e.App, clock, append(slices.Clip(ops.Nightly), today.Count, checks.Forgetting))
		if err != nil {
			return err
		}
		stops = append(stops, stopNightly, use.Watch(e.App, clock), renewIndex(e.App))
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
