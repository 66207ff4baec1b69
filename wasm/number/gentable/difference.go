package main

import (
	"fmt"
	"io"
	"reflect"
)

// difference prints which fields of which regions changed from a to b.
func difference(w io.Writer, a, b *metadata) error {
	was := map[string]*region{}
	key := func(r *region) string {
		if r.ID == "001" {
			return fmt.Sprint("+", r.Code)
		}
		return r.ID
	}
	for i := range a.Regions {
		was[key(&a.Regions[i])] = &a.Regions[i]
	}
	fmt.Fprintf(w, "%s → %s\n", a.Version, b.Version)
	for i := range b.Regions {
		r := &b.Regions[i]
		o := was[key(r)]
		delete(was, key(r))
		if o == nil {
			fmt.Fprintf(w, "%s added\n", key(r))
			continue
		}
		ov, rv := reflect.ValueOf(*o), reflect.ValueOf(*r)
		for f := range rv.NumField() {
			if !reflect.DeepEqual(ov.Field(f).Interface(), rv.Field(f).Interface()) {
				fmt.Fprintf(w, "%s %s\n", key(r), rv.Type().Field(f).Name)
			}
		}
	}
	for k := range was {
		fmt.Fprintf(w, "%s removed\n", k)
	}
	return nil
}
