package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"

	"wsworkshop/scripts/internal/result"
)

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Time       string          `xml:"time,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitFailure `xml:"failure"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func writeJUnit(w io.Writer, all []*result.Result) error {
	var doc junitSuites
	for _, r := range all {
		doc.Suites = append(doc.Suites, junitOf(r))
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func junitOf(r *result.Result) junitSuite {
	s := junitSuite{
		Name:  "Step " + r.Step + " · " + r.Title,
		Tests: len(r.Tasks),
		Time:  fmt.Sprintf("%.3f", float64(r.RealMS)/1000),
		Properties: []junitProperty{
			{"score", strconv.Itoa(r.Score)}, {"max", strconv.Itoa(r.Max)},
			{"virtual_ms", strconv.FormatInt(r.VirtualMS, 10)}, {"race", strconv.FormatBool(r.Race)},
		},
	}
	for i := range r.Tasks {
		t := &r.Tasks[i]
		c := junitCase{Class: "step" + r.Step, Name: t.ID + " " + t.Title, File: inRepo(r, t.File), Line: t.Line}
		if t.Status != result.Passed {
			s.Failures++
			c.Failure = &junitFailure{Type: string(t.Verdict), Message: firstLine(t.Message), Text: t.Test + ": " + explained(t)}
		}
		s.Cases = append(s.Cases, c)
	}
	return s
}
