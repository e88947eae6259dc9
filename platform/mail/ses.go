package mail

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

// SESOptions say which account of Amazon SES mails are handed to.
type SESOptions struct {
	Region string
	// The keys; empty where the machine's role gives access.
	AccessKeyID, SecretAccessKey, SessionToken string
	// Endpoint replaces Amazon's address, for tests and private endpoints.
	Endpoint string
	// From is the sender, with or without a name; SES must know its domain.
	From string
	// Now dates the mails.
	Now func() time.Time
}

// SES hands mails to Amazon SES, version 2 of its API.
type SES struct {
	client *sesv2.Client
	from   string
	now    func() time.Time
}

// NewSES returns the sender; SES is first asked when a mail is sent.
func NewSES(ctx context.Context, o SESOptions) (*SES, error) {
	load := []func(*awsconfig.LoadOptions) error{awsconfig.WithRegion(o.Region)}
	if o.AccessKeyID != "" {
		load = append(load, awsconfig.WithCredentialsProvider(
			credentials.NewStaticCredentialsProvider(o.AccessKeyID, o.SecretAccessKey, o.SessionToken)))
	}
	cfg, err := awsconfig.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, fmt.Errorf("set up SES: %w", err)
	}
	client := sesv2.NewFromConfig(cfg, func(c *sesv2.Options) {
		c.RetryMaxAttempts = 1 // The queue tries again.
		if o.Endpoint != "" {
			c.BaseEndpoint = aws.String(o.Endpoint)
		}
	})
	return &SES{client: client, from: o.From, now: o.Now}, nil
}

// ErrSandbox says that an account of SES may send to verified addresses only.
var ErrSandbox = errors.New("the account of SES is in the sandbox")

// Check asks SES whether the account may send. The error matches ErrSandbox if
// it may, but not to everyone.
func (s *SES) Check(ctx context.Context) error {
	account, err := s.client.GetAccount(ctx, &sesv2.GetAccountInput{})
	switch {
	case err != nil:
		return fmt.Errorf("ask SES: %w", err)
	case !account.SendingEnabled:
		return errors.New("SES has switched off sending for the account")
	case !account.ProductionAccessEnabled:
		return ErrSandbox
	}
	return nil
}

// Send delivers the mail. The error matches ErrRefused when SES will never take
// it; that the account may not send, or not so fast, will pass.
func (s *SES) Send(ctx context.Context, m Message) error {
	// Raw, so that the mail is the same with every sender.
	raw, err := m.encode(s.from, s.now())
	if err != nil {
		return err
	}
	to, err := mail.ParseAddress(m.To)
	if err != nil {
		return fmt.Errorf("%w: recipient: %w", ErrInvalid, err)
	}
	_, err = s.client.SendEmail(ctx, &sesv2.SendEmailInput{
		Destination: &types.Destination{ToAddresses: []string{to.Address}},
		Content:     &types.EmailContent{Raw: &types.RawMessage{Data: raw}},
	})
	var rejected *types.MessageRejected
	var malformed *types.BadRequestException
	if errors.As(err, &rejected) || errors.As(err, &malformed) {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return err
}
