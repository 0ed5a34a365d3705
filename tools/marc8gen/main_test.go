package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const sample = `<codeTables><codeTable>
<characterSet ISOcode="45">
 <code><marc>88</marc><ucs>0098</ucs></code>
 <code><isCombining>true</isCombining><marc>E2</marc><ucs>0301</ucs></code>
 <code><marc>A1</marc><ucs>0141</ucs></code>
 <code><isCombining>true</isCombining><marc>EC</marc><ucs></ucs></code>
</characterSet>
<characterSet ISOcode="31"><grouping><code><marc>213021</marc><ucs>4E00</ucs></code></grouping></characterSet>
</codeTable></codeTables>`

func generate(t *testing.T, in string) ([]byte, error) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "marc8.tab")
	if err := run(in, out); err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "codetables.xml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRun(t *testing.T) {
	got, err := generate(t, write(t, sample))
	want := []byte{
		0x45, 3, // ANSEL: Ł at 21, the acute at 62 and the second half of the ligature at 6C
		0x42, 0x82, 0x05, 0x83, 0x01, 0x80, 0x07, 0x15, 0x81, 0x0C,
		0x31, 1, 0xC2, 0xC0, 0x89, 0x02, 0x80, 0xB8, 0x02,
	}
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("got % X, %v; want % X", got, err, want)
	}
}

func TestRunRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"NotXML":    "codes",
		"BadFinal":  strings.Replace(sample, `"45"`, `"zz"`, 1),
		"BadCode":   strings.Replace(sample, "A1", "A?", 1),
		"BadValue":  strings.Replace(sample, "0141", "O141", 1),
		"CodeTwice": strings.Replace(sample, "A1", "E2", 1),
	} {
		if _, err := generate(t, write(t, text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := generate(t, filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("missing file: no error")
	}
}

// The committed table is what the generator makes of the published code tables.
func TestCorpusTableIsCurrent(t *testing.T) {
	root := os.Getenv("CARREL_CORPUS")
	if root == "" {
		t.Skip("CARREL_CORPUS is not set: no code tables to generate from")
	}
	got, err := generate(t, filepath.Join(root, "marc", "loc-pd", "codetables.xml"))
	if err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadFile(filepath.Join("..", "..", "internal", "marc", "marc8.tab"))
	if err != nil || !bytes.Equal(got, committed) {
		t.Errorf("internal/marc/marc8.tab is not what the code tables give; generate it again (%v)", err)
	}
}
