package auth

import (
	"slices"
	"strings"

	"taskstack.org/platform/config"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/netaddr"
	"taskstack.org/platform/settings"
)

// maxDomains is how many domains of addresses can be allowed.
const maxDomains = 200

// policy says who may make an account, as administrators have set it.
type policy struct{ signUp, domains, blocked *settings.Value }

func newPolicy(s *settings.Store) policy {
	return policy{
		signUp: s.Add(settings.Definition{
			Name: "auth.signUp", Group: "auth.policy.group", Title: "auth.signUp", Hint: "auth.policy.signUpHint", Order: 10, Kind: settings.Choice,
			Options: []settings.Option{
				{Value: config.SignUpOpen, Title: "auth.policy.open"},
				{Value: config.SignUpInvitation, Title: "auth.policy.invitation"},
				{Value: config.SignUpClosed, Title: "auth.policy.closed"},
			},
			Default: config.SignUpOpen, Variable: "TASKSTACK_SIGN_UP",
		}),
		domains: s.Add(settings.Definition{
			Name: "auth.mailDomains", Group: "auth.policy.group", Title: "auth.mailDomains", Hint: "auth.policy.domainsHint", Order: 11, Kind: settings.List,
			Item: netaddr.IsDomain, Most: maxDomains, Variable: "TASKSTACK_MAIL_DOMAINS",
		}),
		blocked: s.Add(settings.Definition{
			Name: "auth.blockedMailDomains", Group: "auth.policy.group", Title: "auth.blockedMailDomains", Hint: "auth.policy.blockedHint", Order: 12, Kind: settings.List,
			Item: netaddr.IsDomain, Most: maxDomains,
		}),
	}
}

// check reports whether a person with or without an invitation may sign up. Errors: Forbidden, with the words for it.
func (p policy) check(invited bool) error {
	switch {
	case p.signUp.Is(config.SignUpClosed):
		return errs.New(errs.Forbidden, "auth.policy.isClosed")
	case p.signUp.Is(config.SignUpInvitation) && !invited:
		return errs.New(errs.Forbidden, "auth.policy.byInvitation")
	}
	return nil
}

// checkAddress adds to f that the domain of an address is not allowed, or is blocked.
func (p policy) checkAddress(f errs.Fields, field, email string) {
	allowed := p.domains.Lines()
	_, domain, _ := strings.Cut(strings.ToLower(email), "@")
	if len(allowed) > 0 && !slices.Contains(allowed, domain) {
		f.Add(field, "auth.policy.wrongDomain", "Domains", strings.Join(allowed, ", "))
		return
	}
	isBlocked := func(name string) bool { return domain == name || strings.HasSuffix(domain, "."+name) }
	if slices.ContainsFunc(p.blocked.Lines(), isBlocked) {
		f.Add(field, "auth.policy.blockedDomain", "Domain", domain)
	}
}
