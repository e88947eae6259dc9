// Package friends knows who is a friend of whom.
//
// Table owned: friendship, one row per direction. Events published and heard:
// none. It has no page of its own yet: requests and lists of friends join it
// here.
package friends
