package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// clients is how many desks and kiosks lend at once: a large school at the end of a break.
const clients = 8

// The librarian of the measured library.
const (
	librarian = "librarian@example.org"
	password  = "only for measuring"
)

// ask sends one request, reads the whole answer, and tells how long it took. Any other status than the wanted one is an error.
func (s *server) ask(method, path string, body, answer any, want int) (time.Duration, error) {
	var sent io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return 0, err
		}
		sent = bytes.NewReader(data)
	}
	request, err := http.NewRequest(method, "http://"+s.address+path, sent)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", s.token)
	began := time.Now()
	response, err := s.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close() //nolint:errcheck // read to its end
	data, err := io.ReadAll(response.Body)
	took := time.Since(began)
	if err != nil {
		return took, err
	}
	if response.StatusCode != want {
		return took, fmt.Errorf("%s %s: %d %s", method, path, response.StatusCode, data)
	}
	if answer == nil {
		return took, nil
	}
	return took, json.Unmarshal(data, answer)
}

func (s *server) signIn() error {
	var answer struct {
		Token string `json:"token"`
	}
	_, err := s.ask(http.MethodPost, "/api/collections/staff/auth-with-password", map[string]string{"identity": librarian, "password": password},
		&answer, http.StatusOK)
	s.token = answer.Token
	return err
}

func (s *server) lend(patron, item string) (time.Duration, error) {
	return s.ask(http.MethodPost, "/api/carrel/checkouts", map[string]string{"patron": patron, "item": item, "key": randomID()}, nil, http.StatusCreated)
}

func (s *server) takeBack(item string) error {
	_, err := s.ask(http.MethodPost, "/api/carrel/returns", map[string]string{"item": item, "key": randomID()}, nil, http.StatusOK)
	return err
}

// search asks for the first page and answers how many titles were found.
func (s *server) search(text string, narrowed ...string) (found int, took time.Duration, err error) {
	var answer struct {
		TotalItems int `json:"totalItems"`
	}
	took, err = s.ask(http.MethodGet, "/api/carrel/search?q="+url.QueryEscape(text)+strings.Join(narrowed, ""), nil, &answer, http.StatusOK)
	return answer.TotalItems, took, err
}

func patronCode(i int) string { return "P" + strconv.Itoa(100_000+i) }
