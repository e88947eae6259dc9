package doctor

import (
	"context"
	"errors"

	"taskstack.org/platform/mail"
)

// MailSender is what the check of mail needs of a sender.
type MailSender interface {
	// Check asks the mail service whether it would take mails of this sender,
	// without sending one.
	Check(ctx context.Context) error
}

// Mail examines how mails leave. sender is nil where they only wait in the
// outbox; production says whether people rely on them.
func Mail(sender MailSender, from string, production bool) Check {
	const subject = about("mail")
	return func(ctx context.Context) []Finding {
		switch {
		case sender == nil && production:
			return []Finding{subject.problem("Set TASKSTACK_MAIL to smtp or ses: people cannot sign up without the code that they are sent.", "nothing is sent, mails are kept in the outbox")}
		case sender == nil:
			return []Finding{subject.ok("mails are kept in the outbox, as in development")}
		}
		err := sender.Check(ctx)
		switch {
		case errors.Is(err, mail.ErrSandbox):
			return []Finding{subject.warn("Ask Amazon for production access in the console of SES.", "the account of SES is in the sandbox: only verified addresses get mails")}
		case err != nil:
			return []Finding{subject.problem("Check TASKSTACK_MAIL and its settings: host, port, user, password, TLS, and for SES the keys, the region and the verified domain.",
				"the service would not take mails: %v", err)}
		}
		return []Finding{subject.ok("the service takes mails from %s", from)}
	}
}
