// Package friends holds friendships and friendship requests.
//
// Tables owned: friendship, one row per direction; friendship_request, with
// friendship_request_address beside it; friendship_request_unheard, which holds
// suppressed requests: the sender sees them as sent, no addressee sees them; user_block,
// the blocks, each of one person by another.
//
// All changes between two people are serialized by a lock on both of them. So
// there is never more than one friendship between them, no request beside a
// friendship, and no two requests in opposite directions: the second one makes
// a friendship.
//
// Beside the contract's events, sent_requests_changed (no data) notifies the
// sender's own pages that the list of sent requests has changed.
//
// Events published: Ended, module.Notification and module.NotificationWithdrawn. Events handled: accounts.Renamed, accounts.Deleting.
package friends
