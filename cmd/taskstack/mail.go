package main

import (
	"context"
	"time"

	"taskstack.org/platform/config"
	"taskstack.org/platform/doctor"
	"taskstack.org/platform/mail"
)

// makeMail makes the queue and what it sends by. The outbox is nil where mails
// are really sent.
func (a *app) makeMail(ctx context.Context) (*mail.Outbox, error) {
	var sender mail.Sender
	var outbox *mail.Outbox
	var err error
	if a.cfg.Mail == config.MailOutbox {
		if outbox, err = mail.NewOutbox(a.cfg.OutboxDir(), a.cfg.MailFrom, a.now); err == nil {
			sender = outbox
			a.closers = append(a.closers, outbox)
		}
	} else {
		sender, err = newSender(ctx, a.cfg, a.now)
	}
	a.mail = mail.NewQueue(a.db, sender, a.log)
	return outbox, err
}

// sender is a service that mails are handed to, and that can be asked whether it
// would take them.
type sender interface {
	mail.Sender
	doctor.MailSender
}

// newSender makes the sender for a configuration in which mails really leave.
func newSender(ctx context.Context, cfg *config.Config, now func() time.Time) (sender, error) {
	if cfg.Mail == config.MailSMTP {
		return mail.NewSMTP(smtpOptions(cfg, now))
	}
	return mail.NewSES(ctx, mail.SESOptions{
		Region: cfg.AWS.Region, AccessKeyID: cfg.AWS.AccessKeyID, SecretAccessKey: cfg.AWS.SecretAccessKey,
		SessionToken: cfg.AWS.SessionToken, Endpoint: cfg.SESEndpoint, From: cfg.MailFrom, Now: now,
	})
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
