package auth

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Environment variables that say where the keys are. Keys are no flags: everybody on a machine can read
// the flags of its processes.
const (
	KeysVar     = "CHAT_KEYS"      // the keys themselves, see ParseKeys
	KeysFileVar = "CHAT_KEYS_FILE" // or a file that has them
)

// FindKeys returns the keys that the environment names. Without any, it returns a development key, which
// it makes once for each user of this machine, and development is the file that has it.
func FindKeys() (keys []Key, development string, err error) {
	if text, ok := os.LookupEnv(KeysVar); ok {
		keys, err = ParseKeys([]byte(text))
		return keys, "", err
	}
	if name, ok := os.LookupEnv(KeysFileVar); ok {
		keys, err = readKeys(name)
		return keys, "", err
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return nil, "", fmt.Errorf("no keys: %s and %s are not set: %w", KeysVar, KeysFileVar, err)
	}
	development = filepath.Join(dir, "wsworkshop", "development-keys.json")
	keys, err = readKeys(development)
	if errors.Is(err, fs.ErrNotExist) {
		keys, err = makeKeys(development)
	}
	return keys, development, err
}

func readKeys(name string) ([]Key, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return ParseKeys(data)
}

// makeKeys makes a file with one key that nobody else can read.
func makeKeys(name string) ([]Key, error) {
	secret := make([]byte, minSecret)
	rand.Read(secret) // never fails
	keys := []Key{{ID: "development", Secret: secret}}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, err
	}
	return keys, os.WriteFile(name, FormatKeys(keys), 0o600)
}
