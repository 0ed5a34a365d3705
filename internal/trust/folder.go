package trust

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"carrel/internal/fault"
)

// identityVariable names the identity folder where it is not beside the data folder.
const identityVariable = "CARREL_IDENTITY"

// Folder is the identity folder of a data folder: "<data folder>-identity" beside it, unless the environment names another. It lies
// outside the data folder so that no backup ever holds the authority's key; one inside is fault.Invalid.
func Folder(dataDir string) (string, error) {
	dataDir, err := filepath.Abs(dataDir)
	if err != nil {
		return "", err
	}
	named := os.Getenv(identityVariable)
	if named == "" {
		return dataDir + "-identity", nil
	}
	folder, err := filepath.Abs(named)
	if err != nil {
		return "", err
	}
	if folder == dataDir || strings.HasPrefix(folder, dataDir+string(filepath.Separator)) {
		return "", fault.New("trust.Folder", fault.Invalid, "trust.folder_inside", folder, dataDir)
	}
	return folder, nil
}

// closeFolder makes the folder if need be and shuts everybody else out, also where someone opened it since.
func closeFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("the identity folder %s cannot be made: %w", folder, err)
	}
	if err := os.Chmod(folder, 0o700); err != nil { //nolint:gosec // a folder needs its execute bit
		return fmt.Errorf("the identity folder %s cannot be closed to others: %w", folder, err)
	}
	return nil
}

// writeSecret writes a file that only its owner can read, whole or not at all, whenever the power goes.
func writeSecret(name string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(name), ".new-*") // 0600 from the start
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) //nolint:errcheck // gone already when all went well
	if _, err := file.Write(content); err != nil {
		_ = file.Close()
		return err
	}
	if err := file.Sync(); err != nil {
		_ = file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), name); err != nil {
		return err
	}
	if folder, err := os.Open(filepath.Dir(name)); err == nil {
		_ = folder.Sync() // not every system can; then the name may be lost with the power, and the file is made anew
		_ = folder.Close()
	}
	return nil
}
