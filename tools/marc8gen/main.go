// Command marc8gen turns the Library of Congress code tables (codetables.xml, published at
// loc.gov/marc/specifications) into the compact table that package marc embeds.
//
//	go run ./tools/marc8gen codetables.xml internal/marc/marc8.tab
//
// The table is a run of character sets, each: the final byte of its escape sequence, the number
// of its characters, then for every character in order of its MARC-8 code an unsigned varint
// (difference to the code before, shifted left by one, lowest bit set for a combining mark) and
// a signed varint (difference to the Unicode value before).
package main

import (
	"cmp"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"os"
	"slices"
	"strconv"
)

type codeTables struct {
	Sets []characterSet `xml:"codeTable>characterSet"`
}

type characterSet struct {
	Final  string `xml:"ISOcode,attr"`
	Codes  []code `xml:"code"`
	Groups []struct {
		Codes []code `xml:"code"`
	} `xml:"grouping"`
}

type code struct {
	Combining bool   `xml:"isCombining"`
	Marc      string `xml:"marc"`
	Unicode   string `xml:"ucs"`
}

type char struct {
	code      uint64
	unicode   int64
	combining bool
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: marc8gen codetables.xml marc8.tab")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "marc8gen:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	text, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	var tables codeTables
	if err := xml.Unmarshal(text, &tables); err != nil {
		return err
	}
	var packed []byte
	for _, set := range tables.Sets {
		if packed, err = appendSet(packed, set); err != nil {
			return err
		}
	}
	return os.WriteFile(out, packed, 0o644)
}

func appendSet(packed []byte, set characterSet) ([]byte, error) {
	final, err := strconv.ParseUint(set.Final, 16, 8)
	if err != nil {
		return nil, fmt.Errorf("set %q: %w", set.Final, err)
	}
	codes := set.Codes
	for _, group := range set.Groups {
		codes = append(codes, group.Codes...)
	}
	chars, err := charsOf(codes)
	if err != nil {
		return nil, fmt.Errorf("set %q: %w", set.Final, err)
	}
	packed = append(packed, byte(final))
	packed = binary.AppendUvarint(packed, uint64(len(chars)))
	var before char
	for _, c := range chars {
		delta := (c.code - before.code) << 1
		if c.combining {
			delta |= 1
		}
		packed = binary.AppendUvarint(packed, delta)
		packed = binary.AppendVarint(packed, c.unicode-before.unicode)
		before = c
	}
	return packed, nil
}

// charsOf reads the codes of one set. A code without a Unicode value is the second half of a
// mark over two letters, whose first half stands for the whole: it is kept with value 0. The
// control characters are the same in every set and are the reader's business, not the table's.
func charsOf(codes []code) ([]char, error) {
	var chars []char
	for _, c := range codes {
		number, err := strconv.ParseUint(c.Marc, 16, 24)
		if err != nil {
			return nil, err
		}
		if len(c.Marc) == 2 {
			if number&0x7F <= 0x20 {
				continue
			}
			number &= 0x7F
		}
		var unicode int64
		if c.Unicode != "" {
			if unicode, err = strconv.ParseInt(c.Unicode, 16, 32); err != nil {
				return nil, err
			}
		}
		chars = append(chars, char{number, unicode, c.Combining})
	}
	slices.SortStableFunc(chars, func(a, b char) int { return cmp.Compare(a.code, b.code) })
	for i := 1; i < len(chars); i++ {
		if chars[i].code == chars[i-1].code {
			return nil, fmt.Errorf("code %X occurs twice", chars[i].code)
		}
	}
	return chars, nil
}
