package commands

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"time"

	"carrel/internal/fault"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/trust"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
)

// lanFlags say how the doors stand on the school's network.
type lanFlags struct {
	on         bool
	trust      string // address of the page about the certificate
	names      []string
	cert, key  string // files of the school's own certificate
	unanswered bool   // no name by mDNS
}

func (f *lanFlags) bind(c *cobra.Command) {
	c.Flags().BoolVar(&f.on, "lan", false, "open the doors to the school's network, with TLS: staff on port 8443, students on 8444, the page about the certificate on 8080")
	c.Flags().StringVar(&f.trust, "trust", ":8080", "with --lan: address of the page about the certificate")
	c.Flags().StringArrayVar(&f.names, "name", nil, "with --lan: another name of this machine, for the certificate")
	c.Flags().StringVar(&f.cert, "cert", "", "with --lan: file of the school's own certificate and those that signed it (PEM)")
	c.Flags().StringVar(&f.key, "key", "", "with --lan: file of its key (PEM)")
	c.Flags().BoolVar(&f.unanswered, "no-mdns", false, "with --lan: do not answer to carrel.local")
}

// check refuses flags that mean nothing together; the codes are fault.Invalid at the flag.
func (f *lanFlags) check(c *cobra.Command) error {
	for _, name := range []string{"trust", "name", "cert", "key", "no-mdns"} {
		if c.Flags().Changed(name) && !f.on {
			return fault.New("commands.serve", fault.Invalid, "trust.needs_lan", name).At(name)
		}
	}
	if (f.cert == "") != (f.key == "") {
		return fault.New("commands.serve", fault.Invalid, "trust.both_files").At("cert")
	}
	return nil
}

// lan is the school's network as the doors see it.
type lan struct {
	flags     serveFlags
	config    *tls.Config
	authority *trust.Authority // nil with the school's own certificate
	names     []string
	announced <-chan *trust.Announcer // nil when no name is announced
}

// joinLAN gets the doors their certificate, from the school's files or from this library's own authority.
func (d *door) joinLAN(flags serveFlags) (*lan, error) {
	host, err := os.Hostname()
	if err != nil {
		host = "" // a machine without a name has its addresses
	}
	network := &lan{flags: flags}
	if network.names, err = trust.Names(host, flags.lan.names); err != nil {
		return nil, err
	}
	if flags.lan.cert != "" {
		err = network.take(d.app)
	} else {
		err = network.certify(d.app)
	}
	if err != nil {
		return nil, err
	}
	d.servePage(flags.lan.trust, trust.NewPage(network.authority, trust.Addresses, port(flags.kiosk)))
	if !flags.lan.unanswered && everywhere(flags.kiosk) {
		network.announced = d.announceName()
	}
	return network, nil
}

// take uses the school's own certificate.
func (n *lan) take(app core.App) error {
	given, err := trust.OpenGiven(n.flags.lan.cert, n.flags.lan.key, app.Logger())
	if err != nil {
		return err
	}
	if given.Expires().Before(time.Now()) {
		warn("trust.expired", given.Expires().Format(time.DateOnly))
	}
	n.config = trust.Config(given.Certificate)
	return nil
}

// certify uses this library's own authority.
func (n *lan) certify(app core.App) error {
	school, err := site.Load(app)
	if err != nil {
		return err
	}
	folder, err := trust.Folder(app.DataDir())
	if err != nil {
		return err
	}
	if n.authority, err = trust.OpenAuthority(folder, school.Name, n.names, time.Now()); err != nil {
		return err
	}
	for _, name := range n.names {
		if !n.authority.Vouches(name) {
			warn("trust.not_vouched", name, folder)
		}
	}
	leaf, err := trust.NewLeaf(n.authority, n.names, trust.Addresses, time.Now, app.Logger())
	if err != nil {
		return err
	}
	n.config = trust.Config(leaf.Certificate)
	return nil
}

func warn(key string, args ...any) { fmt.Fprintln(os.Stderr, say.T(key, args...).In(say.English)) }

// announceName looks for a free name while the doors open.
func (d *door) announceName() <-chan *trust.Announcer {
	ctx, stop := context.WithCancel(context.Background())
	d.app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		stop()
		return e.Next()
	})
	found := make(chan *trust.Announcer, 1)
	go func() { found <- trust.Announce(ctx, d.app.Logger()) }()
	return found
}

// servePage opens the plain port with the page about the certificate.
func (d *door) servePage(addr string, page http.Handler) {
	server := &http.Server{Handler: page, ReadHeaderTimeout: 10 * time.Second, WriteTimeout: time.Minute, IdleTimeout: time.Minute}
	d.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		listener, err := net.Listen("tcp", addr)
		if err != nil {
			return fmt.Errorf("the page about the certificate cannot open on %s: %w", addr, err)
		}
		go func() { _ = server.Serve(listener) }()
		return e.Next()
	})
	d.app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		_ = server.Close()
		return e.Next()
	})
}

// secureStaff gives the staff door its listener.
func (n *lan) secureStaff(e *core.ServeEvent) error {
	listener, err := net.Listen("tcp", n.flags.staff)
	if err != nil {
		return err
	}
	e.Server.TLSConfig = n.config.Clone() // for HTTP/2: the server looks here, not at its listener
	e.Listener = tls.NewListener(listener, n.config)
	return e.Next()
}

// hosts are the names and addresses by which others find a door.
func (n *lan) hosts(addr, name string) []string {
	if !everywhere(addr) {
		host, _, _ := net.SplitHostPort(addr) //nolint:errcheck // it listens there
		return []string{host}
	}
	var hosts []string
	if name != "" {
		hosts = append(hosts, name)
	}
	hosts = append(hosts, n.flags.lan.names...)
	addresses, err := trust.Addresses()
	if err != nil {
		return hosts
	}
	for _, address := range trust.Reachable(addresses) {
		hosts = append(hosts, address.String())
	}
	if len(hosts) == 0 {
		return []string{"127.0.0.1"} // no network yet
	}
	return hosts
}

// origins are those of the staff door's own pages. An address that the machine gets later needs none: a page may always ask where it came from.
func (n *lan) origins() []string {
	var origins []string
	hosts := slices.Clone(n.names)
	if addresses, err := trust.Addresses(); err == nil {
		for _, address := range addresses {
			hosts = append(hosts, address.String())
		}
	}
	for _, host := range hosts {
		origins = append(origins, "https://"+net.JoinHostPort(host, port(n.flags.staff)))
	}
	return origins
}

// announce prints where the doors are and answers the address of the student door. The fingerprint stands here because a page that came without TLS proves nothing by itself.
func (n *lan) announce(code string) (students string) {
	name := ""
	if n.announced != nil {
		announcer := <-n.announced
		name = announcer.Name()
		if err := announcer.Err(); err != nil {
			warn("trust.not_announced", name, err)
			name = ""
		}
	}
	fmt.Println("Carrel is open to the school's network.")
	n.list("Staff", "https", n.flags.staff, "/staff/", name)
	n.list("Students", "https", n.flags.kiosk, "/", name)
	n.list("Trust", "http", n.flags.lan.trust, "/trust", name)
	if n.authority != nil {
		fmt.Printf("  Certificate  %s\n  SHA-256      %s\n", n.authority.Name(), n.authority.Fingerprint())
	}
	printSetup(n.origin(n.flags.staff, name), code)
	return n.origin(n.flags.kiosk, name)
}

// origin is the best address of a door: its name, else its first address.
func (n *lan) origin(addr, name string) string {
	return "https://" + net.JoinHostPort(n.hosts(addr, name)[0], port(addr))
}

func (n *lan) list(title, scheme, addr, path, name string) {
	for _, host := range n.hosts(addr, name) {
		fmt.Printf("  %-12s %s://%s%s\n", title, scheme, net.JoinHostPort(host, port(addr)), path)
		title = ""
	}
}

// everywhere tells an address that means all interfaces from one that means a certain one.
func everywhere(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil || host == "" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsUnspecified()
}

func port(addr string) string {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return ""
	}
	return port
}
