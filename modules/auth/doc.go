// Package auth finds out who sends a request: sign-up, log-in in one or two
// steps, logins, verification of addresses, password reset, suspension, and the
// security events of an account. It limits guesses at all of them.
//
// Tables owned: login, half_login, password_reset, second_factor,
// recovery_code, suspension, account_event. It reads and writes the password and
// the address of a person through accounts.Credentials.
//
// A login is a row: the browser's cookie holds a random secret, the row's id is a
// hash of it, so neither a copy of the database nor an old cookie grants access.
// Every request reads its login together with the person in one statement;
// deleting the row ends the login at once, sockets included.
//
// Events published: LoginEnded. Events handled: accounts.Deleting. Doors:
// AddGreeter for what log-in and sign-up say about the page that follows;
// Authenticate and Sockets are the program's way to identify requests and
// connections.
//
// Each service is a small struct in a file of its own: SignUps, Passwords,
// SecondSteps, SecondFactors, Logins, Verifications, Resets, Audit, Browsers,
// Administration.
package auth
