// Package e2e tests the real binary from outside, as a school runs it: over HTTP, on a folder, killed without warning.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	librarianMail = "librarian@example.org"
	password      = "a long password"
)

var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "carrel-e2e")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	binary = filepath.Join(dir, "carrel")
	build := exec.Command("go", "build", "-o", binary, "..")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "the binary does not build:", err)
		return 1
	}
	return m.Run()
}

// carrel runs a command on the folder and answers its output and exit status.
func carrel(t testing.TB, dir string, args ...string) (stdout string, status int) {
	t.Helper()
	command := exec.Command(binary, append(args, "--dir", dir)...)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !asExit(err, &exit) {
		t.Fatal(err)
	}
	if errs.Len() > 0 {
		t.Logf("carrel %s: %s", strings.Join(args, " "), strings.TrimSpace(errs.String()))
	}
	return out.String(), command.ProcessState.ExitCode()
}

func asExit(err error, exit **exec.ExitError) bool {
	e, ok := err.(*exec.ExitError) //nolint:errorlint // Run answers it bare
	*exit = e
	return ok
}

// must runs a command that has to succeed.
func must(t testing.TB, dir string, args ...string) string {
	t.Helper()
	out, status := carrel(t, dir, args...)
	if status != 0 {
		t.Fatalf("carrel %s: exit status %d", strings.Join(args, " "), status)
	}
	return out
}

// server is a running Carrel.
type server struct {
	staff, student string
	process        *exec.Cmd
}

func freeAddr(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // only its number was wanted
	return listener.Addr().String()
}

// serve starts Carrel on the folder and waits until both doors answer.
func serve(t testing.TB, dir string) *server {
	t.Helper()
	s := &server{staff: freeAddr(t), student: freeAddr(t)}
	s.process = exec.Command(binary, "serve", "--http", s.staff, "--kiosk", s.student, "--dir", dir)
	s.process.Stdout, s.process.Stderr = io.Discard, os.Stderr
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		if response, err := http.Get("http://" + s.staff + "/api/health"); err == nil {
			_ = response.Body.Close()
			return s
		}
	}
	t.Fatal("the server does not answer")
	return nil
}

// kill ends the process as a power cut does.
func (s *server) kill() {
	_ = s.process.Process.Kill()
	_, _ = s.process.Process.Wait()
}

// call sends JSON and decodes the JSON answer; the error is a connection that broke.
func call(method, url, token string, body any) (status int, answer map[string]any, err error) {
	var sent io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return 0, nil, err
		}
		sent = bytes.NewReader(data)
	}
	request, err := http.NewRequest(method, url, sent)
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close() //nolint:errcheck // read to its end
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, nil, err
	}
	if len(data) > 0 && data[0] == '{' {
		err = json.Unmarshal(data, &answer)
	}
	return response.StatusCode, answer, err
}

// signIn answers the librarian's token.
func (s *server) signIn(t testing.TB) string {
	t.Helper()
	status, answer, err := call(http.MethodPost, "http://"+s.staff+"/api/collections/staff/auth-with-password", "",
		map[string]string{"identity": librarianMail, "password": password})
	if err != nil || status != http.StatusOK {
		t.Fatalf("sign-in: %d %v %v", status, answer, err)
	}
	return answer["token"].(string) //nolint:forcetypeassert // PocketBase's answer
}
