package imports

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// keptRemarks are all remarks of the last reading of a file of titles. The row of the import has only the first of them.
type keptRemarks struct {
	Rejected     []keptRemark `json:"rejected"`
	Warnings     []keptRemark `json:"warnings"`
	MoreRejected int          `json:"more_rejected"`
	MoreWarnings int          `json:"more_warnings"`
}

type keptRemark struct {
	Record int      `json:"record"`
	Column string   `json:"column,omitempty"`
	Code   string   `json:"code"`
	Title  string   `json:"title,omitempty"`
	Text   say.Text `json:"text"`
}

// remarksPath is where they lie, beside the file.
func remarksPath(app core.App, id string) string { return filePath(app, id) + ".remarks" }

func keepRemarks(app core.App, id string, summary catalog.Summary) error {
	kept := keptRemarks{MoreRejected: summary.MoreRejected, MoreWarnings: summary.MoreWarnings}
	for _, r := range summary.Rejected {
		kept.Rejected = append(kept.Rejected, keptRemark{r.Record, r.Column, r.Code, r.Title, r.Text})
	}
	for _, w := range summary.Warnings {
		kept.Warnings = append(kept.Warnings, keptRemark{w.Record, w.Column, w.Code, w.Title, w.Text})
	}
	path := remarksPath(app, id)
	if len(kept.Rejected)+len(kept.Warnings) == 0 {
		return os.RemoveAll(path)
	}
	data, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}

// remarksOf are the remarks of an import: of a file of titles all, of others those in its row.
func remarksOf(app core.App, imp collections.Import) (kept keptRemarks, err error) {
	data, err := os.ReadFile(remarksPath(app, imp.ID))
	if err == nil {
		return kept, json.Unmarshal(data, &kept)
	}
	if !errors.Is(err, os.ErrNotExist) {
		return kept, err
	}
	last := imp.Result
	if len(last) == 0 || string(last) == "null" || string(last) == `""` {
		last = imp.Preview
	}
	found, err := reportOf(imp.Kind, last)
	var listed *remarks
	switch r := found.(type) {
	case *titlesReport:
		listed = &r.remarks
	case *rosterReport:
		listed = &r.remarks
	}
	if err != nil || listed == nil {
		return kept, err
	}
	as := func(list []Remark) (to []keptRemark) {
		for _, r := range list {
			to = append(to, keptRemark{Record: r.Record, Column: r.Column, Code: r.Code, Text: r.Text})
		}
		return to
	}
	return keptRemarks{as(listed.Rejected), as(listed.Warnings), listed.MoreRejected, listed.MoreWarnings}, nil
}

func noRejects(op string) error {
	return fault.New(op, fault.NotFound, "imports.no_rejects").Named("no_rejects")
}

// WriteRejects writes what an import left out as CSV: record (of a table the row), column, code, sentence and title. fault.NotFound (unknown_import,
// no_rejects).
func (r *Runner) WriteRejects(id string, lang say.Lang, out io.Writer) error {
	return r.writeRemarks(id, lang, out, func(k keptRemarks) ([]keptRemark, int) { return k.Rejected, k.MoreRejected })
}

// WriteWarnings writes what there is to know of what was brought in all the same, as WriteRejects does.
func (r *Runner) WriteWarnings(id string, lang say.Lang, out io.Writer) error {
	return r.writeRemarks(id, lang, out, func(k keptRemarks) ([]keptRemark, int) { return k.Warnings, k.MoreWarnings })
}

func (r *Runner) writeRemarks(id string, lang say.Lang, out io.Writer, which func(keptRemarks) ([]keptRemark, int)) error {
	imp, err := Find(r.app, id)
	if err != nil {
		return err
	}
	all, err := remarksOf(r.app, imp)
	if err != nil {
		return err
	}
	list, more := which(all)
	if len(list)+more == 0 {
		return noRejects("imports.writeRemarks")
	}
	to := csv.NewWriter(out)
	_ = to.Write([]string{"record", "column", "code", "message", "title"}) // a failed write comes back from Error
	for _, one := range list {
		_ = to.Write([]string{strconv.Itoa(one.Record), defused(one.Column), one.Code, defused(one.Text.In(lang)), defused(one.Title)})
	}
	if more > 0 {
		_ = to.Write([]string{"", "", "", say.T("imports.more_remarks", more).In(lang), ""})
	}
	to.Flush()
	return to.Error()
}

// defused keeps spreadsheets from running a cell as a formula.
func defused(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// WriteRejectedRecords writes the records of which something was left out as they came, to be mended and brought again. The codes are fault.NotFound
// (unknown_import, no_rejects) and fault.Conflict (not_iso2709: records of other formats do not stand by themselves).
func (r *Runner) WriteRejectedRecords(id string, out io.Writer) error {
	const op = "imports.WriteRejectedRecords"
	imp, err := Find(r.app, id)
	if err != nil {
		return err
	}
	all, err := remarksOf(r.app, imp)
	if err != nil {
		return err
	}
	in, err := os.Open(filePath(r.app, id))
	if errors.Is(err, os.ErrNotExist) || len(all.Rejected) == 0 {
		if err == nil {
			_ = in.Close() // only read
		}
		return noRejects(op)
	}
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // only read
	reader, err := marc.NewReader(in, imp.File)
	if err != nil || reader.Format() != marc.ISO2709 {
		return fault.New(op, fault.Conflict, "imports.not_iso2709").Named("not_iso2709")
	}
	wanted := make([]int, len(all.Rejected))
	for i, one := range all.Rejected {
		wanted[i] = one.Record
	}
	slices.Sort(wanted)
	return copyRecords(reader, in.Name(), slices.Compact(wanted), out)
}

// copyRecords copies the bytes of the wanted records, counted from 1 and in order: of each from where it begins to where the next one does.
func copyRecords(reader *marc.Reader, path string, wanted []int, out io.Writer) error {
	raw, err := os.Open(path)
	if err != nil {
		return err
	}
	defer raw.Close() //nolint:errcheck // only read
	size, err := raw.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	to := bufio.NewWriter(out)
	begin := int64(-1) // of the wanted record that was met last
	for len(wanted) > 0 || begin >= 0 {
		_, _, err := reader.Next()
		var bad *marc.RecordError
		ended := errors.Is(err, io.EOF)
		if err != nil && !ended && !errors.As(err, &bad) {
			return err
		}
		end := reader.Offset()
		if ended {
			end = size
		}
		if begin >= 0 {
			if _, err := io.Copy(to, io.NewSectionReader(raw, begin, end-begin)); err != nil {
				return err
			}
			begin = -1
		}
		if ended {
			break
		}
		if len(wanted) > 0 && reader.Number() == wanted[0] {
			begin, wanted = end, wanted[1:]
		}
	}
	return to.Flush()
}
