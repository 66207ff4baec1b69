package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// metadata is what dump.mjs writes.
type metadata struct {
	Source  string   `json:"source"`
	Version string   `json:"version"`
	Codes   []code   `json:"codes"`
	Regions []region `json:"regions"`
	Short   []short  `json:"short"`
}

// code is a calling code and its regions, the main one first.
type code struct {
	Code    int      `json:"code"`
	Regions []string `json:"regions"`
}

type desc struct {
	Pattern string `json:"pattern"`
	Lengths []int  `json:"lengths"` // none: those of the general description; -1: none at all
	Local   []int  `json:"local"`   // lengths that can be dialled inside an area only
	Example string `json:"example"`
}

type numberFormat struct {
	Pattern string   `json:"pattern"`
	Format  string   `json:"format"`
	Leading []string `json:"leading"` // the last is the most exact and alone decides
	Prefix  string   `json:"prefix"`
}

type region struct {
	ID            string         `json:"id"`
	Code          int            `json:"code"`
	IDD           string         `json:"idd"`
	Prefix        string         `json:"prefix"`
	Extension     string         `json:"extension"`
	Parse         string         `json:"parse"`
	Transform     string         `json:"transform"`
	Same          bool           `json:"same"` // fixed and mobile share their pattern
	Leading       string         `json:"leading"`
	General       *desc          `json:"general"`
	Fixed         *desc          `json:"fixed"`
	Mobile        *desc          `json:"mobile"`
	TollFree      *desc          `json:"tollFree"`
	Premium       *desc          `json:"premium"`
	Shared        *desc          `json:"shared"`
	Personal      *desc          `json:"personal"`
	VoIP          *desc          `json:"voip"`
	Pager         *desc          `json:"pager"`
	UAN           *desc          `json:"uan"`
	Voicemail     *desc          `json:"voicemail"`
	Formats       []numberFormat `json:"formats"`
	International []numberFormat `json:"international"`
}

// short is what a region can dial besides whole numbers.
type short struct {
	ID        string `json:"id"`
	General   *desc  `json:"general"`
	Short     *desc  `json:"short"`
	Emergency *desc  `json:"emergency"`
}

func (d *desc) has(length int) bool {
	for _, l := range d.Lengths {
		if l == length {
			return true
		}
	}
	return false
}

func load(file string) (*metadata, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	m := new(metadata)
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return m, nil
}
