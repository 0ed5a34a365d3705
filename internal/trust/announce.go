package trust

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/pion/mdns/v2"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

const (
	askFor     = 750 * time.Millisecond // three questions' time (RFC 6762, 8.1)
	askAgain   = 250 * time.Millisecond
	lookAround = 30 * time.Second
)

// Announcer answers the network's multicast question for one of our names (RFC 6762) with the address of whichever interface it came in by.
type Announcer struct {
	name      string
	log       *slog.Logger
	addresses []netip.Addr
	conn      *mdns.Conn
	options   []mdns.ServerOption
	err       error
}

// Announce chooses the first of our names that no other machine on the network answers to, and answers to it until ctx ends, also on
// networks that come later. It takes up to a second for each name that is asked about. Without a network the name is the first one.
func Announce(ctx context.Context, log *slog.Logger) *Announcer {
	return announce(ctx, log, net.InterfaceAddrs, askFor)
}

func announce(ctx context.Context, log *slog.Logger, addresses func() ([]net.Addr, error), patience time.Duration, options ...mdns.ServerOption) *Announcer {
	a := &Announcer{log: log, options: options}
	a.addresses = own(addresses)
	a.name = freeName(a.addresses, a.ask(ctx, patience))
	a.err = a.open()
	go a.keep(ctx, addresses)
	return a
}

// Name is the name that is answered to.
func (a *Announcer) Name() string { return a.name }

// Err is why the name was not announced at the start. It is no reason not to open the doors.
func (a *Announcer) Err() error { return a.err }

// freeName asks for each name in turn; one that this very machine answers to (another program of it does) is free.
func freeName(ours []netip.Addr, ask func(name string) (netip.Addr, bool)) string {
	for _, name := range announced {
		address, answered := ask(name)
		if !answered || slices.Contains(ours, address.WithZone("")) {
			return name
		}
	}
	return announced[len(announced)-1]
}

// ask asks the network who has a name.
func (a *Announcer) ask(ctx context.Context, patience time.Duration) func(name string) (netip.Addr, bool) {
	return func(name string) (netip.Addr, bool) {
		if len(a.addresses) == 0 {
			return netip.Addr{}, false
		}
		conn, err := listen(append(slices.Clone(a.options), mdns.WithQueryInterval(askAgain))...)
		if err != nil {
			return netip.Addr{}, false
		}
		defer conn.Close() //nolint:errcheck // nothing was promised on it
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		_, address, err := conn.QueryAddr(ctx, name)
		return address, err == nil
	}
}

// keep joins the networks again when the machine's addresses change: a Pi is often up before its network is.
func (a *Announcer) keep(ctx context.Context, addresses func() ([]net.Addr, error)) {
	ticker := time.NewTicker(lookAround)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			a.close()
			return
		case <-ticker.C:
			if now := own(addresses); !slices.Equal(now, a.addresses) {
				a.addresses = now
				a.close()
				_ = a.open() // logged
			}
		}
	}
}

func (a *Announcer) open() error {
	if len(a.addresses) == 0 {
		return errNoNetwork // without a network to join, a failed attempt leaves sockets behind
	}
	conn, err := listen(append(slices.Clone(a.options), mdns.WithLocalNames(a.name))...)
	if err != nil {
		a.log.Warn("the network is not told the library's name", "name", a.name, "error", err)
		return err
	}
	a.conn = conn
	a.log.Info("the library answers by name", "name", a.name, "addresses", a.addresses)
	return nil
}

var errNoNetwork = errors.New("there is no network yet")

func (a *Announcer) close() {
	if a.conn == nil {
		return
	}
	_ = a.conn.Close()
	a.conn = nil
}

// listen opens the multicast sockets of both families; one is enough.
func listen(options ...mdns.ServerOption) (*mdns.Conn, error) {
	var v4 *ipv4.PacketConn
	var v6 *ipv6.PacketConn
	socket4, err4 := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(224, 0, 0, 0), Port: 5353})
	if err4 == nil {
		v4 = ipv4.NewPacketConn(socket4)
	}
	socket6, err6 := net.ListenUDP("udp6", &net.UDPAddr{IP: net.ParseIP("ff02::"), Port: 5353})
	if err6 == nil {
		v6 = ipv6.NewPacketConn(socket6)
	}
	if v4 == nil && v6 == nil {
		return nil, errors.Join(err4, err6)
	}
	conn, err := mdns.NewServer(v4, v6, append([]mdns.ServerOption{mdns.WithName("carrel")}, options...)...)
	if err == nil {
		return conn, nil
	}
	if v4 != nil {
		_ = v4.Close()
	}
	if v6 != nil {
		_ = v6.Close()
	}
	return nil, err
}

// own are the addresses that others can see, in order, so that two looks compare.
func own(addresses func() ([]net.Addr, error)) []netip.Addr {
	found, err := addresses()
	if err != nil {
		return nil
	}
	var all []netip.Addr
	for _, each := range found {
		if prefix, err := netip.ParsePrefix(each.String()); err == nil && !prefix.Addr().IsLoopback() {
			all = append(all, prefix.Addr().Unmap().WithZone(""))
		}
	}
	slices.SortFunc(all, netip.Addr.Compare)
	return all
}
