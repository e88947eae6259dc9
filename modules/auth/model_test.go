package auth

import (
	"regexp"
	"strings"
	"testing"

	"taskstack.org/platform/errs"
)

func TestPasswordRule(t *testing.T) {
	for password, want := range map[string]string{
		"12345678": "", strings.Repeat("x", 64): "", strings.Repeat("ü", 8): "", strings.Repeat("😀", 18): "", strings.Repeat("é", 36): "", "        ": "",
		strings.Repeat("😀", 19): "auth.signup.passwordBytes", strings.Repeat("é", 37): "auth.signup.passwordBytes",
		"":                      "auth.signup.passwordLength",
		"1234567":               "auth.signup.passwordLength",
		strings.Repeat("ü", 7):  "auth.signup.passwordLength",
		strings.Repeat("x", 65): "auth.signup.passwordLength",
		"1234\x005678":          "auth.signup.passwordCharacters",
		"12345678\xff":          "auth.signup.passwordCharacters",
	} {
		f := errs.Fields{}
		checkPassword(f, "password", password)
		if got := f["password"].Key; got != want {
			t.Errorf("password %q: %q, want %q", password, got, want)
		}
	}
}

func TestSecretsHaveTheContractsForm(t *testing.T) {
	for what, c := range map[string]struct {
		make func() string
		form string
	}{
		"token": {newCSRFToken, `^[A-Za-z0-9_-]{22}$`}, "case": {newVerificationToken, `^[0-9a-f]{32}$`}, "code": {newCode, `^[A-Za-z0-9_-]{8}$`},
		"secret": {newSecret, `^[A-Za-z0-9_-]{43}$`},
	} {
		first, second := c.make(), c.make()
		if !regexp.MustCompile(c.form).MatchString(first) || first == second {
			t.Errorf("%s: %q, then %q", what, first, second)
		}
	}
}

func TestHashesVerifyBothWays(t *testing.T) {
	// Made by another implementation (libxcrypt): the Flask application's
	// hashes look like these. The second password is 90 bytes long.
	for hash, password := range map[string]string{
		"$2b$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2": "correct horse",
		"$2b$04$ABCDEFGHIJKLMNOPQRSTUuyaxsaBFApQx5Xx4PHI07pSpuvsmfooe": strings.Repeat("pässwörd", 9),
	} {
		if !passwordMatches(hash, password) || passwordMatches(hash, "x"+password) {
			t.Errorf("hash %q is not told right from wrong", hash)
		}
	}
	hash, err := hashPassword("correct horse", 4)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$2b$04$") || len(hash) != 60 {
		t.Errorf("hash %q, want $2b$, cost 4, 60 characters", hash)
	}
	if !passwordMatches(hash, "correct horse") || passwordMatches(hash, "correct horsf") {
		t.Error("own hash does not verify")
	}
	if !outdated(hash, 5) || outdated(hash, 4) || outdated("x", 5) {
		t.Error("what is outdated is told wrongly")
	}
	for _, broken := range []string{"", "x", "$2b$", hash[:59]} {
		if passwordMatches(broken, "correct horse") || passwordMatches(broken, "") {
			t.Errorf("broken hash %q matches", broken)
		}
	}
}

func TestOnly72BytesOfAPasswordCount(t *testing.T) {
	long := strings.Repeat("€", 24) // 72 bytes
	hash, err := hashPassword(long+"a", 4)
	if err != nil {
		t.Fatal(err)
	}
	if !passwordMatches(hash, long+"b") {
		t.Error("what is beyond 72 bytes must not count: the old application's hashes are made so")
	}
	if passwordMatches(hash, long[:71]) {
		t.Error("71 bytes match")
	}
	if passwordMatches(hash, long+"\x00") {
		t.Error("a password with NUL matches")
	}
}

func TestDeviceName(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                        "Firefox, Windows",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36":                                   "Chrome, Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0":           "Edge, Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1": "Safari, iPhone",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36":                            "Chrome, Android",
		"curl/8.5.0": "", "": "", strings.Repeat("x", 600) + "Firefox": "",
	} {
		if got := deviceName(agent); got != want {
			t.Errorf("deviceName(%.30q…) = %q, want %q", agent, got, want)
		}
	}
}
