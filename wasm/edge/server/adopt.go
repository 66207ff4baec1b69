package main

import (
	"context"
	"errors"
)

func (s *service) adoptLog(ctx context.Context, o options) error {
	return errors.New("not yet")
}
