package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// openSeed reads the seed, or makes one for a new database. The file has 64
// hexadecimal digits and is for nobody else to read.
func openSeed(name string, fresh bool) (seed [32]byte, err error) {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		if !fresh {
			return seed, fmt.Errorf("there is a database and no %s\nhint: put the seed back; without it the accounts are lost, and the database is to be removed", name)
		}
		return makeSeed(name)
	} else if err != nil {
		return seed, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return seed, fmt.Errorf("others may read %s\nhint: chmod 600 %s", name, name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return seed, err
	}
	raw, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(raw) != len(seed) {
		// Not err: it quotes from the file.
		return seed, fmt.Errorf("%s does not hold a seed of %d hexadecimal digits", name, 2*len(seed))
	}
	return [32]byte(raw), nil
}

// makeSeed writes a new seed. It is on the disk, under its name, before
// anything is made with it.
func makeSeed(name string) (seed [32]byte, err error) {
	rand.Read(seed[:]) // never fails
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return [32]byte{}, err
	}
	_, err = file.WriteString(hex.EncodeToString(seed[:]) + "\n")
	err = errors.Join(err, file.Sync(), file.Close())
	if err != nil {
		return [32]byte{}, errors.Join(err, os.Remove(name))
	}
	folder, err := os.Open(filepath.Dir(name))
	if err != nil {
		return [32]byte{}, err
	}
	return seed, errors.Join(folder.Sync(), folder.Close())
}
