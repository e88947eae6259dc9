// Package search finds one's own projects, those one works in, one's friends,
// and people to befriend by their exact names.
//
// It owns no table: it asks the modules, each of which looks only through what
// an index gives for that person. Nothing is published, heard or offered.
package search
