// Package friends knows who is a friend of whom, and who wants to be.
//
// Tables owned: friendship, one row per direction; friendship_request, with
// friendship_request_address beside it; friendship_request_unheard, what was
// sent and reached nobody.
//
// All changes between two people are made one after the other, under a lock on
// both of them. So there is never more than one friendship between them, no
// request beside it, and no two requests that face each other: the second one
// makes a friendship.
//
// Beside the contract's events, sent_requests_changed (no data) tells somebody's
// own pages that the list of what they have sent is another one.
//
// It publishes Ended, and hears accounts.Renamed and accounts.Deleting. It fills
// no slot: home and search ask Service.
package friends
