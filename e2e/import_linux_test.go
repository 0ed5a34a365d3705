package e2e

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// small is a disk of the given size, such as "24m", or the test is skipped: only root may mount one.
func small(t testing.TB, size string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("no small disk can be mounted here (%v): a full disk is not tried", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// schoolFile writes n records with two items each.
func schoolFile(t testing.TB, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "school.mrc")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	buffer := bufio.NewWriter(out)
	for i := range n {
		_, _ = buffer.WriteString(schoolRecord(i)) // a failed write comes back from Flush
	}
	if err := buffer.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func schoolRecord(i int) string {
	return iso('a', [2]string{"001", fmt.Sprintf("rec%06d", i)}, [2]string{"100", fmt.Sprintf("1 \x1faFamily%d, Given", i%997)}, [2]string{"245", fmt.Sprintf("10\x1faBook number %d of a long row /", i)},
		[2]string{"520", "  \x1fa" + strings.Repeat(fmt.Sprintf("word%d and more of it. ", i%89), 20)},
		[2]string{"852", fmt.Sprintf("  \x1fpA%06d\x1fhFIC", i)}, [2]string{"852", fmt.Sprintf("  \x1fpB%06d\x1fhFIC", i)})
}

// assertWhole reads the catalogue back: so many titles, none without both of its items, and facts and state agree.
func assertWhole(t *testing.T, dir string, titles int) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.csv")
	must(t, dir, "export", "titles", out, "--format", "csv")
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	items := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		items[line[:strings.Index(line, ",")]]++
		if !strings.Contains(line, ",A0") && !strings.Contains(line, ",B0") {
			t.Errorf("a title without items: %s", line)
		}
	}
	for title, n := range items {
		if n != 2 {
			t.Errorf("%s has %d items", title, n)
		}
	}
	if len(items) != titles {
		t.Errorf("%d titles, want %d", len(items), titles)
	}
	must(t, dir, "rebuild")
}

// A disk that fills up in the middle of an import leaves whole titles behind and says so; with room again the same import
// finishes.
func TestImportOnFullDisk(t *testing.T) {
	const titles = 20_000
	disk := small(t, "24m")
	dir := filepath.Join(disk, "data")
	must(t, dir, "rebuild")
	school := schoolFile(t, titles)
	s, stderr, status := bring(t, dir, school)
	if status != 1 || !strings.Contains(stderr, "no room left on the disk that holds "+dir) || !strings.Contains(stderr, fmt.Sprintf("before: %d;", s.Titles.Added)) {
		t.Errorf("exit status %d: %s", status, stderr)
	}
	if s.Titles.Added == 0 || s.Titles.Added >= titles || s.Items.Added != 2*s.Titles.Added {
		t.Errorf("%+v", s)
	}
	t.Logf("%d of %d titles came before the disk was full", s.Titles.Added, titles)
	before := s.Titles.Added
	assertWhole(t, dir, before)
	again, stderr, status := bring(t, dir, school)
	if status != 1 || !strings.Contains(stderr, "no room left") {
		t.Errorf("a second import on the full disk: exit status %d: %s", status, stderr)
	}
	if _, stderr, status := ask(t, dir, "import", "titles", school, "--dry-run"); status != 1 || !strings.Contains(stderr, "no room left") {
		t.Errorf("a dry run on the full disk: exit status %d: %s", status, stderr)
	}
	before += again.Titles.Added

	if err := syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT, "size=400m"); err != nil {
		t.Fatal(err)
	}
	s, stderr, status = bring(t, dir, school)
	if status != 0 || s.Titles.Added != titles-before || s.Titles.Skipped != before || s.Items.Added != 2*(titles-before) || s.Items.Skipped != 2*before {
		t.Errorf("exit status %d, %+v: %s", status, s, stderr)
	}
	assertWhole(t, dir, titles)
}

// A folder without any room is named, also when there is no library in it yet.
func TestNoRoomForALibrary(t *testing.T) {
	dir := filepath.Join(small(t, "256k"), "data")
	if _, stderr, status := ask(t, dir, "import", "titles", file(t, "good.mrc", book('a', "111", "First"))); status != 1 || !strings.Contains(stderr, "no room left on the disk that holds "+dir) {
		t.Errorf("exit status %d: %s", status, stderr)
	}
}

func TestImportIntoReadOnlyFolder(t *testing.T) {
	disk := small(t, "64m")
	dir := filepath.Join(disk, "data")
	good := file(t, "good.mrc", book('a', "111", "First"))
	must(t, dir, "rebuild")
	if err := syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{dir, filepath.Join(disk, "other")} {
		if _, stderr, status := ask(t, folder, "import", "titles", good); status != 1 || !strings.Contains(stderr, "The data folder "+folder+" cannot be written") {
			t.Errorf("exit status %d: %s", status, stderr)
		}
	}
}

// Killed in the middle, the same import again finishes and doubles nothing. The records come through a pipe, so that the kill
// meets the import at work, with much of it durable already.
func TestImportKilled(t *testing.T) {
	const titles, killedAt = 12_000, 10_000
	dir := filepath.Join(t.TempDir(), "data")
	pipe := filepath.Join(t.TempDir(), "pipe.mrc")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(binary, "import", "titles", pipe, "--dir", dir)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	to, err := os.OpenFile(pipe, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range killedAt {
		if _, err := to.WriteString(schoolRecord(i)); err != nil {
			t.Fatal(err)
		}
	}
	_ = command.Process.Kill()
	_ = command.Wait()
	_ = to.Close()

	s, stderr, status := bring(t, dir, schoolFile(t, titles))
	if status != 0 || s.Titles.Added+s.Titles.Skipped != titles || s.Titles.Updated+s.Items.Updated > 0 || s.Items.Added != 2*s.Titles.Added {
		t.Errorf("exit status %d, %+v: %s", status, s, stderr)
	}
	t.Logf("%d titles were there after the kill", s.Titles.Skipped)
	assertWhole(t, dir, titles)
}
