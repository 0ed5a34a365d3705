package trust

import (
	"errors"
	"io/fs"
	"path/filepath"
	"time"
)

// Card is what may be told of an authority.
type Card struct {
	Name        string
	Names       []string // what it may vouch for, and everything below each
	Expires     time.Time
	Fingerprint string
}

// Card tells of the authority what may be told.
func (a *Authority) Card() Card {
	return Card{Name: a.Name(), Names: a.pair.Leaf.PermittedDNSDomains, Expires: a.Expires(), Fingerprint: a.Fingerprint()}
}

// Status reads the authority of a data folder; made is false where the doors were never open on the school's network. It works beside a server.
func Status(dataDir string) (card Card, made bool, err error) {
	folder, err := Folder(dataDir)
	if err != nil {
		return Card{}, false, err
	}
	authority, err := readAuthority(filepath.Join(folder, authorityFile))
	if errors.Is(err, fs.ErrNotExist) {
		return Card{}, false, nil
	}
	if err != nil {
		return Card{}, false, err
	}
	return authority.Card(), true, nil
}
