package catalog

import (
	"slices"
	"strconv"
	"strings"

	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// ProblemItems is what is wrong with a draft in which the fields of the copies are not as they are: copies are changed in their own list.
const ProblemItems = "items"

// CheckMARC says what is wrong with a draft of a title's record. The code is fault.NotFound (unknown_title).
func CheckMARC(app core.App, id string, draft marc.Draft) (record marc.Record, problems []marc.Problem, err error) {
	title, now, _, err := Standing(app, id)
	if err != nil {
		return record, nil, err
	}
	record, problems = checkDraft(stored{Title: title, record: now}, draft)
	return record, problems, nil
}

func checkDraft(now stored, draft marc.Draft) (marc.Record, []marc.Problem) {
	record, problems := draft.Check()
	was, is := itemFields(now.record, now.ItemTag), itemFields(record, now.ItemTag)
	if !slices.EqualFunc(was, is, sameField) {
		at := slices.IndexFunc(draft.Fields, func(f marc.DraftField) bool { return f.Tag == now.ItemTag })
		place := "fields"
		if at >= 0 {
			place += "." + strconv.Itoa(at)
		}
		problems = append(problems, marc.Problem{At: place, Code: ProblemItems, What: now.ItemTag, Hard: true})
	}
	return record, problems
}

// EditMARC saves a record typed field by field. The codes are those of save, and fault.Invalid, named bad_marc, at the place of the first hard problem.
func EditMARC(app core.App, c Change, draft marc.Draft) error {
	const op = "catalog.EditMARC"
	c.How = HowMARC
	return save(app, op, c, func(now stored) (marc.Record, error) {
		record, problems := checkDraft(now, draft)
		for _, p := range problems {
			if p.Hard {
				text := SayProblem(p)
				return record, fault.New(op, fault.Invalid, text.Key, text.Args...).Named("bad_marc").At(p.At)
			}
		}
		return record, nil
	})
}

// SayProblem is what is wrong with a draft, as a sentence.
func SayProblem(p marc.Problem) say.Text {
	switch p.Code {
	case marc.ProblemNoTitle, marc.ProblemTitles, marc.ProblemLong:
		return say.T("marc.problem." + p.Code)
	case marc.ProblemLeader:
		return say.T("marc.problem.leader")
	}
	return say.T("marc.problem."+p.Code, p.What)
}

// tagNames are the tags that have a name in plain words; a hundred (6XX) has one for the others in it.
var tagNames = strings.Fields(`LDR 001 003 005 006 007 008 010 015 016 020 022 024 028 035 037 040 041 042 043 050 060 070 080 082 084 086 090 092 099
	100 110 111 130 210 222 240 245 246 247 250 255 260 263 264 300 306 310 336 337 338 340 344 347 362 380 385 386 490 440
	500 501 502 504 505 506 508 510 511 515 518 520 521 522 524 526 530 533 534 538 540 541 545 546 547 550 561 580 583 585 586 590
	600 610 611 630 648 650 651 653 655 658 690 700 710 711 720 730 740 752 773 776 780 785 787 800 810 811 830 852 856 880 949 952`)

// MeansOf says in plain words what a field of a record is for.
func MeansOf(tag, ind1, ind2 string, roles ...string) say.Text {
	illustrates := slices.ContainsFunc(roles, func(role string) bool {
		role = strings.ToLower(strings.TrimSpace(role))
		return strings.HasPrefix(role, "ill") || strings.HasPrefix(role, "ilus")
	})
	switch {
	case tag == "650" && ind2 == "1":
		return say.T("marc.tag.650_1")
	case tag == "700" && illustrates:
		return say.T("marc.tag.700_ill")
	case tag == "521" && ind1 == "2":
		return say.T("marc.tag.521_2")
	case tag == "264" && ind2 == "4":
		return say.T("marc.tag.264_4")
	case slices.Contains(tagNames, tag):
		return say.T("marc.tag." + tag)
	case len(tag) == 3 && strings.Contains("0123456789", tag[:1]):
		return say.T("marc.tag." + tag[:1] + "XX")
	}
	return say.T("marc.tag.9XX")
}
