package notices

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/smtp"
	"net/textproto"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"
)

// The platform's own mail client reports every failure as a bare error, after one connection a mail. Whether a notice may
// be tried again hangs on how far the conversation had come, so it is held here, over one connection.

// fate is what became of a message that was not confirmed.
type fate int

const (
	refused  fate = iota + 1 // for good, for this recipient
	deferred                 // for now, for this recipient
	away                     // the server takes nothing now; the message was not accepted
	unsure                   // the whole message was sent and no answer came
	withheld                 // we did not want to send it after all
)

// undelivered says why. Its text is the server's own words where there are any, or the key of a sentence.
type undelivered struct {
	fate fate
	err  error
}

func (u *undelivered) Error() string {
	var reply *textproto.Error
	if errors.As(u.err, &reply) {
		return printable(oneLine(strconv.Itoa(reply.Code) + " " + reply.Msg))
	}
	var certificate *tls.CertificateVerificationError
	if errors.As(u.err, &certificate) {
		return "notices.bad_certificate"
	}
	return printable(oneLine(u.err.Error()))
}

// Time limits of the conversation: RFC 5321 4.5.3.2 allows minutes, for the answer to a whole message ten.
const (
	dialTime     = 30 * time.Second
	messageTime  = 5 * time.Minute
	farewellTime = 2 * time.Second
)

// post holds a connection to the mail server, opened when first needed.
type post struct {
	settings core.SMTPConfig
	plain    bool // no TLS even where the server offers it
	conn     net.Conn
	client   *smtp.Client
}

// parcel is one message on its way. Its addresses are usable ones. claim is called when the server waits for the content, so that what is
// written down there says exactly: from here on it may have gone out. Its error stops the message.
type parcel struct {
	from, to string
	content  []byte
	claim    func() error
}

// deliver hands one message to the server; nil means that the server took it.
func (p *post) deliver(ctx context.Context, one parcel) *undelivered {
	held, claimed, claim := p.client != nil, false, one.claim
	one.claim = func() error { claimed = true; return claim() }
	err := p.try(ctx, one)
	if held && !claimed && err != nil && p.client == nil {
		err = p.try(ctx, one) // a server may end a long conversation and be glad of the next one
	}
	return err
}

func (p *post) try(ctx context.Context, one parcel) *undelivered {
	if err := p.ready(ctx); err != nil {
		return p.lost(away, err)
	}
	// A sender that is refused is a matter of settings: it says nothing about this recipient.
	if err := p.client.Mail(one.from); err != nil {
		return p.lost(away, err)
	}
	if err := p.client.Rcpt(one.to); err != nil {
		return p.judge(err)
	}
	data, err := p.client.Data()
	if err != nil {
		return p.judge(err)
	}
	if err := one.claim(); err != nil {
		return p.lost(withheld, err) // to hang up is the only way out of DATA
	}
	// Until the closing dot, which only Close sends, the server cannot have accepted anything.
	if _, err := data.Write(one.content); err != nil {
		return p.lost(deferred, err)
	}
	return p.confirm(data.Close())
}

// confirm judges the answer to the whole message.
func (p *post) confirm(err error) *undelivered {
	var reply *textproto.Error
	switch {
	case err == nil, errors.As(err, &reply) && reply.Code/100 == 2:
		return nil
	case reply == nil:
		return p.lost(unsure, err)
	}
	return p.judge(err)
}

// judge tells a server's no to this message from one to everything. A server that hangs up meant, for all we know, this message:
// if it is gone altogether, the next one finds out.
func (p *post) judge(err error) *undelivered {
	var reply *textproto.Error
	if !errors.As(err, &reply) || reply.Code == 421 {
		return p.lost(deferred, err)
	}
	switch code := reply.Code; {
	case code < 400, code == 503, code == 530: // out of step, or first wants to know who we are
		return p.lost(away, err)
	case code < 500:
		return &undelivered{deferred, err}
	}
	return &undelivered{refused, err}
}

// lost hangs up.
func (p *post) lost(fate fate, err error) *undelivered {
	p.drop()
	return &undelivered{fate, err}
}

// ready opens the connection, or clears a held one of what the last message left.
func (p *post) ready(ctx context.Context) error {
	if p.client == nil {
		return p.open(ctx)
	}
	if err := p.conn.SetDeadline(time.Now().Add(messageTime)); err != nil {
		return err
	}
	return p.client.Reset()
}

func (p *post) open(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	var err error
	address := net.JoinHostPort(p.settings.Host, strconv.Itoa(p.settings.Port))
	secure := &tls.Config{ServerName: p.settings.Host}
	if p.settings.TLS {
		p.conn, err = (&tls.Dialer{Config: secure}).DialContext(ctx, "tcp", address)
	} else {
		p.conn, err = (&net.Dialer{}).DialContext(ctx, "tcp", address)
	}
	if err != nil {
		return err
	}
	if err := p.conn.SetDeadline(time.Now().Add(messageTime)); err != nil {
		return err
	}
	if p.client, err = smtp.NewClient(p.conn, p.settings.Host); err != nil {
		return err
	}
	return p.greet(secure)
}

func (p *post) greet(secure *tls.Config) error {
	if p.settings.LocalName != "" {
		if err := p.client.Hello(p.settings.LocalName); err != nil {
			return err
		}
	}
	if can, _ := p.client.Extension("STARTTLS"); can && !p.settings.TLS && !p.plain {
		if err := p.client.StartTLS(secure); err != nil {
			return err
		}
	}
	if p.settings.Username == "" && p.settings.Password == "" {
		return nil
	}
	if p.settings.AuthMethod == mailer.SMTPAuthLogin {
		return p.client.Auth(&loginAuth{[]string{p.settings.Username, p.settings.Password}})
	}
	return p.client.Auth(smtp.PlainAuth("", p.settings.Username, p.settings.Password, p.settings.Host))
}

// drop ends the conversation without ceremony.
func (p *post) drop() {
	if p.conn != nil {
		_ = p.conn.Close()
	}
	p.conn, p.client = nil, nil
}

// close takes leave of the server.
func (p *post) close() {
	if p.client != nil {
		_ = p.conn.SetDeadline(time.Now().Add(farewellTime))
		_ = p.client.Quit()
	}
	p.drop()
}

// loginAuth is AUTH LOGIN: no standard, but the only method of some hosted servers. The wording of its two questions differs between
// servers, their order does not.
type loginAuth struct{ answers []string }

func (a *loginAuth) Start(server *smtp.ServerInfo) (string, []byte, error) {
	if !server.TLS && !isLoopback(server.Name) {
		return "", nil, errors.New("the mail server offers no encryption, so the password was not sent")
	}
	return "LOGIN", nil, nil
}

func (a *loginAuth) Next(_ []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	if len(a.answers) == 0 {
		return nil, errors.New("the mail server asks for more than a name and a password")
	}
	answer := a.answers[0]
	a.answers = a.answers[1:]
	return []byte(answer), nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
