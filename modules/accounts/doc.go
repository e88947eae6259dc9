// Package accounts is who people are: sign-up, e-mail verification, log-in,
// log-out, the language, and the start page of somebody who is not signed in.
//
// It also proves who people are: forgotten passwords, a second factor with
// recovery codes, a list of one's logins, suspension, and account_event, which
// holds what happened to somebody's credentials (recordEvent).
//
// It owns the tables user, login, half_login, password_reset, second_factor,
// recovery_code, suspension and account_event. A login is a row: the browser's cookie
// holds a random secret, the row's id is a hash of it, so neither a copy of
// the database nor an old cookie lets anybody in. Every request reads its
// login together with the person in one statement; deleting the row ends the
// login at once, sockets included.
//
// It publishes LoginEnded, Renamed, PictureChanged and Deleting, hears nothing,
// and fills no slot. Other modules ask Service for people, take an Actor for
// whoever acts, give SetHome the start page of signed-in people, and AddExport
// their share of what people may take with them.
//
// What people change about themselves (profile, settings, deletion) is decided
// here; the pages for it are of the module profiles.
package accounts
