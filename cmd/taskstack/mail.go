package main

import (
	"context"
	"time"

	"taskstack.org/platform/config"
	"taskstack.org/platform/mail"
)

// makeMail makes the queue and what it sends by. The outbox is nil where mails
// are really sent.
func (a *app) makeMail(ctx context.Context) (*mail.Outbox, error) {
	var sender mail.Sender
	var outbox *mail.Outbox
	var err error
	switch a.cfg.Mail {
	case config.MailSMTP:
		sender, err = mail.NewSMTP(smtpOptions(a.cfg, a.now))
	case config.MailSES:
		sender, err = mail.NewSES(ctx, mail.SESOptions{
			Region: a.cfg.AWS.Region, AccessKeyID: a.cfg.AWS.AccessKeyID, SecretAccessKey: a.cfg.AWS.SecretAccessKey,
			SessionToken: a.cfg.AWS.SessionToken, Endpoint: a.cfg.SESEndpoint, From: a.cfg.MailFrom, Now: a.now,
		})
	default:
		if outbox, err = mail.NewOutbox(a.cfg.OutboxDir(), a.cfg.MailFrom, a.now); err == nil {
			sender = outbox
			a.closers = append(a.closers, outbox)
		}
	}
	a.mail = mail.NewQueue(a.db, sender, a.log)
	return outbox, err
}

func smtpOptions(cfg *config.Config, now func() time.Time) mail.SMTPOptions {
	return mail.SMTPOptions{
		Host: cfg.SMTP.Host, Port: cfg.SMTP.Port, User: cfg.SMTP.User, Password: cfg.SMTP.Password,
		Encryption: map[string]mail.TLSMode{
			config.SMTPRequired: mail.TLSRequired, config.SMTPImplicit: mail.TLSImplicit,
			config.SMTPOptional: mail.TLSOptional, config.SMTPOff: mail.TLSOff,
		}[cfg.SMTP.TLS],
		RootCAs: cfg.SMTP.RootCAs, From: cfg.MailFrom, Now: now,
	}
}
