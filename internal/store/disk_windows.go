package store

import "golang.org/x/sys/windows"

// FreeSpace is how many bytes the user may still write to the disk of a folder.
func FreeSpace(dir string) (free uint64, err error) {
	path, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	return free, windows.GetDiskFreeSpaceEx(path, &free, nil, nil)
}
