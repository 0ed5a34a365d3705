package catalog

import (
	"slices"
	"strings"

	"carrel/internal/marc"
)

// Survey is what the item fields of a file hold, from its first records.
type Survey struct {
	Records int          `json:"records"` // looked at
	Tags    []SurveyTag  `json:"tags"`
	Parts   []SurveyPart `json:"parts"`
}

// SurveyTag is a field that could carry the items.
type SurveyTag struct {
	Tag   string `json:"tag"`
	Items int    `json:"items"`
}

// SurveyPart is one subfield of the fields that were read, and where it goes: a part of an item (marc.ItemPart), or "" when it only stays in the record.
type SurveyPart struct {
	Tag    string   `json:"tag"`
	Code   string   `json:"code"`
	Goes   string   `json:"goes"`
	N      int      `json:"n"`
	Sample []string `json:"sample"`
}

const (
	surveyed      = 1000 // records
	surveySamples = 3
	surveyParts   = 60
	surveyText    = 60 // characters
)

func newSurvey() *Survey {
	s := &Survey{Tags: []SurveyTag{}, Parts: []SurveyPart{}}
	for _, tag := range marc.ItemTags() {
		s.Tags = append(s.Tags, SurveyTag{Tag: tag})
	}
	return s
}

// look looks at the items of one record; tag is the field they are read from.
func (s *Survey) look(record marc.Record, tag string) {
	if s.Records >= surveyed {
		return
	}
	s.Records++
	for i := range s.Tags {
		items := marc.Items(record, s.Tags[i].Tag)
		s.Tags[i].Items += len(items)
		if s.Tags[i].Tag != tag {
			continue
		}
		for _, item := range items {
			for _, part := range marc.ItemParts(record.Fields[item.FieldIndex]) {
				s.part(tag, part)
			}
		}
	}
}

func (s *Survey) part(tag string, part marc.ItemPart) {
	code := string(part.Code)
	i := slices.IndexFunc(s.Parts, func(p SurveyPart) bool { return p.Tag == tag && p.Code == code && p.Goes == part.Goes })
	if i < 0 {
		if i = len(s.Parts); i >= surveyParts {
			return
		}
		s.Parts = append(s.Parts, SurveyPart{Tag: tag, Code: code, Goes: part.Goes, Sample: []string{}})
	}
	p := &s.Parts[i]
	p.N++
	text := strings.Clone(clip(part.Value, surveyText))
	if len(p.Sample) < surveySamples && !slices.Contains(p.Sample, text) {
		p.Sample = append(p.Sample, text)
	}
}
