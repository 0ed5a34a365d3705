package site

import (
	"errors"
	"net"
	netmail "net/mail"
	"regexp"
	"slices"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
)

// Mail is how the library sends mail: the platform's own settings, and what they cannot say.
type Mail struct {
	Enabled       bool   `json:"enabled"`
	Host          string `json:"host"`
	Port          int    `json:"port"`
	Username      string `json:"username"`
	HasPassword   bool   `json:"has_password"` // the password itself is never told
	TLS           string `json:"tls"`          // StartTLS, FromTheStart or NoTLS
	SenderName    string `json:"sender_name"`  // empty for the school's
	SenderAddress string `json:"sender_address"`
}

// How the way to the mail server is secured.
const (
	StartTLS     = "starttls" // as soon as the server offers it
	FromTheStart = "tls"
	NoTLS        = "none"
)

// What the platform calls a server and a sender that nobody has named; it does not keep empty ones.
const (
	noHost    = "smtp.example.com"
	noName    = "Support"
	noAddress = "support@example.com"
)

const mailKey = "mail"

type mailSetting struct {
	Plain bool `json:"plain"` // no TLS even where the server offers it
}

// LoadMail reads how the library sends mail.
func LoadMail(app core.App) (Mail, error) {
	smtp, meta := app.Settings().SMTP, app.Settings().Meta
	mail := Mail{
		Enabled: smtp.Enabled, Host: orNone(smtp.Host, noHost), Port: smtp.Port, Username: smtp.Username, HasPassword: smtp.Password != "", TLS: StartTLS,
		SenderName: orNone(meta.SenderName, noName), SenderAddress: orNone(meta.SenderAddress, noAddress),
	}
	own, err := loadSetting(app, mailKey, mailSetting{})
	switch {
	case smtp.TLS:
		mail.TLS = FromTheStart
	case own.Plain:
		mail.TLS = NoTLS
	}
	return mail, err
}

func orNone(text, none string) string {
	if text == none {
		return ""
	}
	return text
}

func orPlaceholder(text, none string) string {
	if text == "" {
		return none
	}
	return text
}

// SaveMail keeps it; a nil password stays as it is, but not for another server: it was given for the one it was typed for. The code is fault.Invalid at the field that
// cannot be.
func SaveMail(app core.App, mail Mail, password *string) (Mail, error) {
	mail.SenderName = OneLine(mail.SenderName)
	if err := mail.check(); err != nil {
		return mail, err
	}
	old, err := LoadMail(app)
	if err != nil {
		return mail, err
	}
	if password == nil && old.HasPassword && mail.Host != old.Host {
		return mail, unfit("password", "site.mail_password")
	}
	settings, err := app.Settings().Clone()
	if err != nil {
		return mail, err
	}
	smtp := &settings.SMTP
	smtp.Enabled, smtp.Host, smtp.Port, smtp.Username, smtp.TLS = mail.Enabled, orPlaceholder(mail.Host, noHost), mail.Port, mail.Username, mail.TLS == FromTheStart
	if password != nil {
		smtp.Password = *password
	}
	settings.Meta.SenderName, settings.Meta.SenderAddress = orPlaceholder(mail.SenderName, noName), orPlaceholder(mail.SenderAddress, noAddress)
	err = app.RunInTransaction(func(app core.App) error {
		if err := saveSetting(app, mailKey, mailSetting{Plain: mail.TLS == NoTLS}); err != nil {
			return err
		}
		return app.Save(settings)
	})
	var refused validation.Errors
	if errors.As(err, &refused) {
		return mail, unfit("host", "site.mail_host").Because(err)
	}
	if err != nil {
		return mail, err
	}
	return LoadMail(app)
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9](-*[A-Za-z0-9])*(\.[A-Za-z0-9](-*[A-Za-z0-9])*)*$`)

// maxMail bounds a name or an address, in bytes.
const maxMail = 255

func (m Mail) check() error {
	address, err := netmail.ParseAddress(m.SenderAddress)
	switch {
	case m.Host == "" && m.Enabled, len(m.Host) > maxMail, m.Host != "" && !hostName.MatchString(m.Host) && net.ParseIP(m.Host) == nil:
		return unfit("host", "site.mail_host")
	case m.Port < 1 || m.Port > 65535:
		return unfit("port", "site.mail_port")
	case len(m.Username) > maxMail || OneLine(m.Username) != m.Username:
		return unfit("username", "site.mail_username")
	case !slices.Contains([]string{StartTLS, FromTheStart, NoTLS}, m.TLS):
		return unfit("tls", "site.mail_tls")
	case len(m.SenderName) > maxMail:
		return unfit("sender_name", "site.mail_name", maxMail)
	case m.SenderAddress == "" && m.Enabled, m.SenderAddress != "" && (err != nil || address.Address != m.SenderAddress || len(m.SenderAddress) > maxMail):
		return unfit("sender_address", "staff.bad_email")
	}
	return nil
}
