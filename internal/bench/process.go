package bench

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// run is one command that ended well.
type run struct {
	took   time.Duration
	peakMB float64 // 0 where the system does not tell
}

// carrel runs a command on a data folder.
func (b *bench) carrel(dir string, args ...string) (run, error) {
	command := exec.CommandContext(b.ctx, b.options.Binary, append(args, "--dir", dir)...)
	var errs bytes.Buffer
	command.Stderr = &errs
	began := time.Now()
	if err := command.Start(); err != nil {
		return run{}, err
	}
	ended, peak := make(chan struct{}), make(chan float64)
	go func() { peak <- watchPeak(command.Process.Pid, ended) }()
	err := command.Wait()
	took := time.Since(began)
	close(ended)
	done := run{took: took, peakMB: <-peak}
	if err != nil {
		return done, fmt.Errorf("carrel %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(errs.Bytes()))
	}
	return done, nil
}

// watchPeak reads the most memory a process ever had, until it has ended. The usage that the system reports at the end is no use: it begins with
// the memory of the process that started it.
func watchPeak(pid int, ended <-chan struct{}) (peak float64) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return peak
		case <-tick.C:
			peak = max(peak, memoryMB(pid, "VmHWM:"))
		}
	}
}

// memoryMB reads one line of /proc/PID/status in megabytes; 0 where there is none.
func memoryMB(pid int, line string) float64 {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	_, rest, found := strings.Cut(string(status), line)
	fields := strings.Fields(rest)
	if !found || len(fields) == 0 {
		return 0
	}
	kilobytes, err := strconv.ParseFloat(fields[0], 64)
	if err != nil {
		return 0
	}
	return kilobytes / 1024
}

// server is a running Carrel.
type server struct {
	address  string
	students string // address of the student door
	process  *exec.Cmd
	started  time.Duration // from exec to the first answer
	client   *http.Client
	token    string
}

// serve starts Carrel on a data folder and waits for its first answer.
func (b *bench) serve(dir string) (*server, error) {
	staff, err := freeAddress()
	if err != nil {
		return nil, err
	}
	students, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s := &server{address: staff, students: students, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}, Timeout: time.Minute}}
	s.process = exec.CommandContext(b.ctx, b.options.Binary, "serve", "--http", staff, "--kiosk", students, "--dir", dir)
	s.process.Stderr = b.options.Log
	began := time.Now()
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	if err := s.answers(b.ctx); err != nil {
		s.stop()
		return nil, err
	}
	s.started = time.Since(began)
	return s, nil
}

// atDesk starts Carrel on a data folder with its librarian signed in.
func (b *bench) atDesk(dir string) (*server, error) {
	s, err := b.serve(dir)
	if err != nil {
		return nil, err
	}
	if err := s.signIn(); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

const (
	startLimit = 30 * time.Second
	startPoll  = 2 * time.Millisecond
	stopLimit  = 5 * time.Second
)

func (s *server) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for ctx.Err() == nil {
		if response, err := s.client.Get("http://" + s.address + "/api/health"); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(startPoll)
	}
	return fmt.Errorf("the server does not answer: %w", ctx.Err())
}

// stop ends the server as a technician does; one that does not hear is killed.
func (s *server) stop() {
	s.client.CloseIdleConnections()
	deaf := time.AfterFunc(stopLimit, func() { _ = s.process.Process.Kill() })
	defer deaf.Stop()
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		_ = s.process.Process.Kill()
	}
	_ = s.process.Wait()
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}
