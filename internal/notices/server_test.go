package notices

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
)

// reply is what the server does at one point of the conversation: it answers, and then may hang up. Without a text it hangs up
// in silence.
type reply struct {
	text    string
	hangUp  bool
	swallow bool // a message is taken, and the sender never hears of it
}

var fine = reply{text: "250 ok"}

// mailServer is a real SMTP server on a loopback port that does what a test asks of it, and remembers every message it accepted.
type mailServer struct {
	t        testing.TB
	listener net.Listener
	manners  manners

	mu       sync.Mutex
	rcpt     func(to string) reply
	data     func(to string) reply // after the whole message; a reply of 250 accepts it
	accepted []accepted
	sessions int
	conns    map[net.Conn]bool
}

type accepted struct {
	to, content string
	secure      bool
	signedIn    string
}

// manners are what a server insists on.
type manners struct {
	secure   *tls.Config // what it proves itself with; nil speaks plainly
	atOnce   bool        // TLS from the first byte, not after STARTTLS
	auth     string      // PLAIN or LOGIN
	password string      // of the account "library"
}

func takesAll(string) reply { return fine }

// startServer begins to listen, and takes everything until told otherwise.
func startServer(t testing.TB) *mailServer { t.Helper(); return startServerWith(t, manners{}) }

func startServerWith(t testing.TB, manners manners) *mailServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &mailServer{t: t, listener: listener, manners: manners, conns: map[net.Conn]bool{}}
	s.behave(takesAll, takesAll)
	go s.listen()
	t.Cleanup(s.stop)
	return s
}

// behave says how the server answers from now on.
func (s *mailServer) behave(rcpt, data func(to string) reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rcpt, s.data = rcpt, data
}

func (s *mailServer) behaviour() (rcpt, data func(to string) reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rcpt, s.data
}

func (s *mailServer) port() int { return s.listener.Addr().(*net.TCPAddr).Port }

func (s *mailServer) listen() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.sessions++
		s.conns[conn] = true
		s.mu.Unlock()
		go s.serve(conn)
	}
}

// stop dies: nobody is listened to any more, and every conversation breaks off.
func (s *mailServer) stop() {
	_ = s.listener.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.conns {
		_ = conn.Close()
	}
}

// serve holds one conversation (RFC 5321).
func (s *mailServer) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	secure := s.manners.atOnce
	if secure {
		conn = tls.Server(conn, s.manners.secure)
	}
	lines := bufio.NewReader(conn)
	say := func(r reply) bool {
		if r.text == "" {
			return false
		}
		_, err := fmt.Fprintf(conn, "%s\r\n", r.text)
		return err == nil && !r.hangUp
	}
	if !say(reply{text: "220 mail.test ready"}) {
		return
	}
	to, signedIn := "", ""
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		rcpt, data := s.behaviour()
		answer := fine
		switch verb := strings.ToUpper(strings.Fields(line + " .")[0]); verb {
		case "RCPT":
			to = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "RCPT TO:<"), ">")
			answer = rcpt(to)
		case "EHLO":
			answer = reply{text: s.greeting(secure)}
		case "STARTTLS":
			if !say(reply{text: "220 go on"}) {
				return
			}
			conn, secure = tls.Server(conn, s.manners.secure), true
			lines = bufio.NewReader(conn)
			continue
		case "AUTH":
			name, password := credentials(line, lines, say)
			if answer = (reply{text: "235 welcome"}); name != "library" || password != s.manners.password {
				answer = reply{text: "535 5.7.8 Wrong name or password"}
			} else {
				signedIn = strings.Fields(line)[1]
			}
		case "DATA":
			if !say(reply{text: "354 go on"}) {
				return
			}
			content, err := readContent(lines)
			if err != nil {
				return
			}
			if answer = data(to); answer.swallow || strings.HasPrefix(answer.text, "250") {
				s.accept(accepted{to, content, secure, signedIn})
			}
		case "QUIT":
			say(reply{text: "221 bye"})
			return
		}
		if !say(answer) {
			return
		}
	}
}

func readContent(lines *bufio.Reader) (string, error) {
	var content strings.Builder
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return "", err
		}
		if line == ".\r\n" {
			return content.String(), nil
		}
		content.WriteString(strings.TrimPrefix(line, "."))
	}
}

func (s *mailServer) accept(one accepted) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accepted = append(s.accepted, one)
}

// greeting is what it can do.
func (s *mailServer) greeting(secure bool) string {
	can := []string{"250-mail.test"}
	if s.manners.secure != nil && !secure {
		can = append(can, "250-STARTTLS")
	}
	if s.manners.auth != "" && (secure || s.manners.secure == nil) {
		can = append(can, "250-AUTH "+s.manners.auth)
	}
	return strings.Join(append(can, "250 8BITMIME"), "\r\n")
}

// credentials reads a name and a password (RFC 4616; LOGIN asks for one after the other).
func credentials(line string, lines *bufio.Reader, say func(reply) bool) (name, password string) {
	decode := func(text string) string {
		plain, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(text)) //nolint:errcheck // no password then
		return string(plain)
	}
	fields := strings.Fields(line)
	if fields[1] == "PLAIN" {
		parts := strings.Split(decode(fields[2]), "\x00")
		return parts[1], parts[2]
	}
	answers := []string{}
	for _, question := range []string{"VXNlcm5hbWU6", "UGFzc3dvcmQ6"} {
		if !say(reply{text: "334 " + question}) {
			return "", ""
		}
		answer, err := lines.ReadString('\n')
		if err != nil {
			return "", ""
		}
		answers = append(answers, decode(answer))
	}
	return answers[0], answers[1]
}

// received counts the accepted messages by recipient.
func (s *mailServer) received() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := map[string]int{}
	for _, one := range s.accepted {
		counts[one.to]++
	}
	return counts
}

func (s *mailServer) total() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.accepted)
}

// message is the n-th accepted message, read as mail.
func (s *mailServer) message(n int) *mail.Message {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if n >= len(s.accepted) {
		s.t.Fatalf("the server accepted %d messages, not %d", len(s.accepted), n+1)
	}
	message, err := mail.ReadMessage(strings.NewReader(s.accepted[n].content))
	if err != nil {
		s.t.Fatal(err)
	}
	return message
}
