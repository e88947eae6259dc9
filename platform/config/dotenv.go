package config

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// readDotenv reads KEY=value lines by the rules of the Flask application's own
// file: everything after the first = is the value as written, # begins a
// comment at the start of a line only. Libraries for such files interpret
// quotes, $ and # inside values, and would change a password that worked. Blank
// lines, an error there, are allowed.
func readDotenv(path string) (map[string]string, error) {
	if path == "" {
		return nil, nil // No file, no values.
	}
	text, err := os.ReadFile(path) // The operator's own file.
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil // No file, no values.
	}
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be read (%w); give this user the right to, or remove it", path, err)
	}
	values := map[string]string{}
	var problems []error
	for i, line := range strings.Split(strings.TrimPrefix(string(text), "\ufeff"), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, err := parseLine(line)
		if _, twice := values[name]; twice && err == nil {
			err = fmt.Errorf("%s is set twice; remove one", name)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s line %d: %w", path, i+1, err))
			continue
		}
		values[name] = value
	}
	return values, errors.Join(problems...)
}

var validName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// parseLine's errors do not repeat the value, which may be a secret.
func parseLine(line string) (name, value string, err error) {
	name, value, ok := strings.Cut(line, "=")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	switch {
	case !ok || !validName.MatchString(name):
		return "", "", errors.New("is not NAME=value; fix it, or begin it with # to make it a comment")
	case len(value) > 1 && strings.ContainsAny(value[:1], `"'`) && value[0] == value[len(value)-1]:
		return "", "", fmt.Errorf("the value of %s is in quotes, which would become part of it; remove them", name)
	}
	return name, value, nil
}

func parseEnviron(environ []string) map[string]string {
	values := map[string]string{}
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		values[name] = strings.TrimSpace(value)
	}
	return values
}

// warnUnknown notes names that look like ours and are not: a misspelt variable
// would otherwise be a default in disguise.
func (c *Config) warnUnknown(places ...map[string]string) {
	known := map[string]bool{}
	for _, v := range variables {
		known[v.name] = true
	}
	var unknown []string
	for _, place := range places {
		for name := range place {
			if strings.HasPrefix(name, "TASKSTACK_") && !strings.HasPrefix(name, "TASKSTACK_TEST_") && !known[name] {
				unknown = append(unknown, name)
			}
		}
	}
	slices.Sort(unknown)
	for _, name := range slices.Compact(unknown) {
		c.Warnings = append(c.Warnings, name+" is not a setting and has no effect; see `taskstack config` for the names")
	}
}
