//go:build unix

package store

import "golang.org/x/sys/unix"

// FreeSpace is how many bytes an ordinary user may still write to the disk of a folder.
func FreeSpace(dir string) (uint64, error) {
	var disk unix.Statfs_t
	if err := unix.Statfs(dir, &disk); err != nil {
		return 0, err
	}
	return uint64(disk.Bavail) * uint64(disk.Bsize), nil //nolint:unconvert,gosec // the types differ between systems; neither is negative
}
