package console_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"github.com/bauta-gateway/bauta/gateway/signon"
	"github.com/bauta-gateway/bauta/gateway/signon/signontest"
)

// visitor is somebody at the console, in a language and at a width.
type visitor struct {
	walkthrough
	rules string
	typed []string // what people typed, in any language
}

// visitors come in both languages, on a PC and on a phone.
func visitors(t *testing.T, do func(t *testing.T, v visitor)) {
	for _, c := range oneOf(t, []struct {
		lang  string
		width int64
	}{{"en", 1366}, {"zh-CN", 360}}) {
		t.Run(fmt.Sprintf("%s at %d", c.lang, c.width), func(t *testing.T) {
			rules, err := os.ReadFile(axeFile)
			if err != nil {
				t.Logf("without axe-core (make setup-axe): %v", err)
			}
			g := startGateway(t)
			b := openBrowser(t, c.width, 900)
			do(t, visitor{walkthrough{b, mouse{b, c.width < 600}, g, c.lang, false}, string(rules), []string{}})
		})
	}
}

// setUpBy makes the first manager, and reads the code and password again in its fields.
func (v visitor) setUpBy() {
	v.Helper()
	v.open(v.url + "/setup?lang=" + v.lang)
	v.fill("#code", v.code)
	v.fill("#password", password)
	v.fill("#again", password)
	v.js("document.querySelector('#setup .first').click()", nil)
	v.wait("the overview", "location.pathname === '/' && document.querySelector('#hero')?.dataset.tone")
}

// fill types into a field at once, as a password manager does.
func (v visitor) fill(selector, value string) {
	v.Helper()
	v.waitFor(selector)
	v.js(fmt.Sprintf("(() => { const e = document.querySelector(%s); e.value = %s; e.dispatchEvent(new Event('input', {bubbles: true})); })()", quoted(selector), quoted(value)), nil)
}

// press clicks what a selector finds.
func (v visitor) press(selector string) {
	v.Helper()
	v.waitFor(selector)
	v.js(fmt.Sprintf("document.querySelector(%s).click()", quoted(selector)), nil)
}

// agree presses the button of the dialog that does it.
func (v visitor) agree() { v.Helper(); v.press("dialog .danger") }

func (v visitor) settings() {
	v.Helper()
	v.open(v.url + "/settings")
	v.waitFor("#tokens form")
	v.waitFor("#certificate dl")
}

func (v visitor) checked(name string) {
	v.Helper()
	v.page(name)
	if v.rules != "" {
		v.accessible(v.rules, name)
	}
	v.shoot(v.lang + "-" + name)
	v.inLanguage(name)
}

// inLanguage looks for the other language in what is read: Chinese signs in English pages, and
// English sentences in Chinese ones.
func (v visitor) inLanguage(name string) {
	v.Helper()
	var bad []string
	expression := `[...document.querySelectorAll('main :is(h1,h2,h3,p,label,legend,summary,.button,.note,.hint)')].filter(e => e.checkVisibility()).map(e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent).join(' ').trim())
		.map(s => typed.reduce((said, name) => said.replaceAll(name, ''), s))`
	if v.lang == "en" {
		expression += `.filter(s => /\p{Script=Han}/u.test(s) && s !== '中文')`
	} else {
		expression += `.filter(s => /[a-z]{3,} [a-z]{3,}/.test(s))`
	}
	typed, _ := json.Marshal(v.typed)
	v.js(fmt.Sprintf("(typed => %s)(%s)", expression, typed), &bad)
	for _, s := range bad {
		v.Errorf("%s in %s says %q", name, v.lang, s)
	}
}

// What was typed at the set-up stays when the language changes, a wrong code is told without a
// command, the two passwords have to be the same, and the eye shows one.
func TestSetupKeepsWhatWasTyped(t *testing.T) {
	visitors(t, func(t *testing.T, v visitor) {
		other := map[string]string{"en": "zh-CN", "zh-CN": "en"}[v.lang]
		v.open(v.url + "/setup?lang=" + other)
		v.fill("#code", "AAAA-BBBB")
		v.fill("#user", "boss")
		v.fill("#password", password)
		v.fill("#again", password+"x")
		v.js("window.same = true", nil)
		v.press("a[hreflang=" + v.lang + "]")
		v.wait("the other language, the same page", fmt.Sprintf("window.same && document.documentElement.lang === %s && document.querySelector('#code').value === 'AAAA-BBBB' && document.querySelector('#user').value === 'boss' && document.querySelector('#password').value === %s && document.querySelector('#again').value.length > 10", quoted(v.lang), quoted(password)))
		v.checked("setup")
		v.press(".eye")
		v.wait("the password is shown", "document.querySelector('#password').type === 'text' && document.querySelector('.eye').getAttribute('aria-pressed') === 'true'")
		v.fill("#again", password)
		v.press("#setup .first")
		v.wait("the wrong code is told", "document.querySelector('.wrong').textContent.length > 5")
		var said string
		v.js("document.querySelector('.wrong').textContent", &said)
		if strings.Contains(said, "`") || strings.Contains(said, "bauta setup-code") || strings.Contains(said, "installer") != (v.lang == "en") {
			t.Errorf("a wrong code: %q", said)
		}
	})
}

// A manager gives a colleague another role and a new password, sees when they were last there,
// and the colleague finds no more than the role may.
func TestPeoplePage(t *testing.T) {
	visitors(t, func(t *testing.T, v visitor) {
		v.setUpBy()
		v.settings()
		v.fill("#user-new [name=user]", "刘保安")
		v.fill("#user-new [name=password]", password)
		v.fill("#user-new [name=again]", "not the same words")
		if v.is("document.querySelector('#user-new').checkValidity()") {
			t.Error("two passwords that differ are taken")
		}
		v.fill("#user-new [name=again]", password)
		v.press("#user-new .button:not([type=button])")
		v.waitFor("[data-user=刘保安]")
		v.press("[data-user=刘保安] summary")
		v.js("document.querySelector('[data-user=刘保安] [name=role]').value = 'auditor'", nil)
		v.press("[data-user=刘保安] [data-do=role]")
		v.wait("the role is another", "fetch('/api/v1/users').then(r => r.json()).then(all => all.some(u => u.name === '刘保安' && u.role === 'auditor'))")
		v.wait("the list says so", fmt.Sprintf("document.querySelector('[data-user=刘保安] .soft').textContent.includes(%s)", quoted(map[string]string{"en": "auditor", "zh-CN": "审计员"}[v.lang])))
		v.press("[data-user=刘保安] summary")
		v.checked("people")
		v.fill("[data-user=刘保安] [name=password]", "another few plain words")
		v.fill("[data-user=刘保安] [name=again]", "another few plain words")
		v.js("document.querySelector('#told').textContent = ''", nil) // of the role
		v.press("[data-user=刘保安] [data-do=password]")
		v.wait("it is told", "document.querySelector('#told').textContent.includes('刘保安')")
		v.press("#logout")
		v.waitFor("#login")
		v.settled()
		v.checked("login")
		v.fill("#user", "刘保安")
		v.fill("#password", "another few plain words")
		v.press("#login .first")
		v.wait("the overview", "location.pathname === '/'")
		v.open(v.url + "/cameras/new")
		v.wait("the page says so", "document.querySelector('main .card')?.textContent.length > 10 && !document.querySelector('#url')")
		v.checked("denied")
		v.run(chromedp.Navigate(v.url + "/nosuchpage"))
		v.waitFor("main a.first[href='/']")
		v.checked("missing")
	})
}

// codeAt is what an app shows for a secret.
func codeAt(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// A manager sets the second factor up, has all managers need it, and logs in by it and by a
// recovery code; a colleague has to set it up before anything else.
func TestSecondFactorPages(t *testing.T) {
	visitors(t, func(t *testing.T, v visitor) {
		v.setUpBy()
		v.settings()
		v.press("#required input")
		v.wait("own one first", "document.querySelector('#told').dataset.tone === 'bad' && !document.querySelector('#required input').checked")
		secret, used, recovery := v.setUpSecond()
		v.waitFor("#factor-off")
		v.press("#required input")
		v.wait("it is kept", "fetch('/api/v1/second-factor').then(r => r.json()).then(r => r.managers)")
		v.js(fmt.Sprintf(`fetch('/api/v1/users', {method: 'POST', body: JSON.stringify({user: 'second', password: %s, role: 'manager'}), headers: {'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}}).then(r => { if (!r.ok) throw new Error(r.status); })`, quoted(password)), nil)
		v.logIn("manager")
		v.waitFor("#second")
		if !v.is("document.querySelector('.wrong').textContent === '' && document.activeElement.id === 'code'") {
			t.Error("the first time something is said to be wrong")
		}
		v.checked("login-code")
		v.fill("#code", used)
		v.press("#login .first")
		v.wait("a used code is refused", "document.querySelector('.wrong').textContent.length > 5")
		v.fill("#code", codeAt(t, secret, time.Now().Add(30*time.Second))) // it counts already
		v.press("#login .first")
		v.wait("the overview", "location.pathname === '/'")
		v.logIn("manager")
		v.waitFor("#second")
		v.fill("#code", recovery)
		v.press("#login .first")
		v.wait("the overview", "location.pathname === '/'")
		v.logIn("second")
		v.wait("nothing but the second factor", "location.pathname === '/second'")
		v.checked("second")
		v.open(v.url + "/settings")
		v.wait("nothing but the second factor", "location.pathname === '/second'")
		v.setUpSecond()
		v.wait("the overview", "location.pathname === '/'")
	})
}

func (v visitor) logIn(user string) {
	v.Helper()
	v.settled()
	v.press("#logout")
	v.waitFor("#login")
	v.settled()
	v.fill("#user", user)
	v.fill("#password", password)
	v.press("#login .first")
}

// setUpSecond goes through the panel and returns the secret, the code that proved it and one of
// the recovery codes.
func (v visitor) setUpSecond() (secret, used, recovery string) {
	v.Helper()
	v.fill("#factor-form [name=password]", password)
	v.press("#factor-begin")
	v.wait("the code is drawn", "document.querySelector('.qr')?.naturalWidth > 0")
	v.press("#factor details summary")
	v.js("document.querySelector('#factor details code').textContent", &secret)
	v.checked("factor-scan")
	v.fill("#factor-confirm [name=code]", "000000")
	v.press("#factor-confirm .first")
	v.wait("a wrong code is told", "document.querySelector('#factor-confirm .wrong').textContent.length > 5")
	used = codeAt(v.T, secret, time.Now())
	v.fill("#factor-confirm [name=code]", used)
	v.press("#factor-confirm .first")
	v.waitFor("#recovery")
	v.js("document.querySelector('#recovery li').textContent", &recovery)
	v.checked("factor-recovery")
	v.press("#factor-done")
	return secret, used, recovery
}

// A manager makes a login for a recorder, limits it to cameras, withdraws it, and switches the
// built-in one off.
func TestStreamLoginsPage(t *testing.T) {
	visitors(t, func(t *testing.T, v visitor) {
		v.setUpBy()
		v.js(`(async () => {
			for (const name of ['Lobby', 'Yard']) {
				const r = await fetch('/api/v1/cameras', {method: 'POST', body: JSON.stringify({id: name.toLowerCase(), name, url: 'rtsp://127.0.0.1:9/live', place: 'lobby', purpose: 'public-safety'}), headers: {'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}});
				if (!r.ok) throw new Error(await r.text());
			}
		})()`, nil)
		v.open(v.url + "/settings#streams-head")
		v.waitFor("#stream-new")
		v.fill("#stream-new [name=name]", "nvr-lobby")
		v.press("#stream-new [name=all]")
		v.press("#stream-new .button")
		v.wait("a choice is asked for", "document.querySelector('#stream-new .wrong').textContent.length > 3")
		v.press("#stream-new [value=lobby]")
		v.press("#stream-new .button")
		v.waitFor("#stream-made code")
		var texts []string
		v.js("[...document.querySelectorAll('#stream-made code')].map(e => e.textContent)", &texts)
		if len(texts) != 2 || len(texts[0]) != 16 || !strings.HasPrefix(texts[1], "rtsp://nvr-lobby:"+texts[0]+"@127.0.0.1:") || !strings.HasSuffix(texts[1], "/lobby") {
			t.Errorf("made: %q", texts)
		}
		v.checked("streams")
		v.open(v.url + "/cameras/lobby")
		v.open(v.url + "/settings#streams-head")
		v.waitFor("[data-login=nvr-lobby]")
		if v.is("document.body.textContent.includes(" + quoted(texts[0]) + ")") {
			t.Error("the password is shown again")
		}
		v.press("#built-in")
		v.agree()
		v.wait("it is off", "fetch('/api/v1/viewer').then(r => r.json()).then(r => r.off && !r.password)")
		v.open(v.url + "/cameras/lobby")
		v.waitFor("#watch a[href='/settings#streams-head']")
		v.open(v.url + "/cameras/nope")
		v.wait("only the sentence and the link", `document.querySelector('#main.gone #state a[href="/"]') && !document.querySelector('.split').offsetParent && !document.querySelector('#name').offsetParent`)
		v.checked("camera-gone")
		v.open(v.url + "/settings#streams-head")
		v.press("[data-login=nvr-lobby] .danger")
		v.agree()
		v.wait("it is withdrawn", "!document.querySelector('[data-login=nvr-lobby]')")
	})
}

// certificateFiles are a certificate for the console and its key, and the certificate as shown.
func certificateFiles(t *testing.T, names ...string) (chain, key string, der []byte) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(9), Subject: pkix.Name{CommonName: "house"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour), DNSNames: names, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	if len(names) == 0 {
		c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	der, err = x509.CreateCertificate(rand.Reader, c, c, k.Public(), k)
	raw, err2 := x509.MarshalPKCS8PrivateKey(k)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	dir := t.TempDir()
	chain, key = filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{chain: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return chain, key, der
}

// shown is the certificate that the console shows to a new connection.
func (v visitor) shown() []byte {
	v.Helper()
	c, err := tls.Dial("tcp", strings.TrimPrefix(v.url, "https://"), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		v.Fatal(err)
	}
	defer c.Close()
	return c.ConnectionState().PeerCertificates[0].Raw
}

// A manager uploads a certificate: a key of another is refused, one for other names is asked
// about, and the right one is in force without a restart until it is removed.
func TestCertificatePage(t *testing.T) {
	visitors(t, func(t *testing.T, v visitor) {
		v.setUpBy()
		own := v.shown()
		chain, key, der := certificateFiles(t)
		elsewhere, itsKey, otherDER := certificateFiles(t, "elsewhere.example")
		choose := func(chain, key string) {
			v.settings()
			v.press("#certificate summary")
			v.run(chromedp.SetUploadFiles("#certificate-form [name=chain]", []string{chain}, chromedp.ByQuery), chromedp.SetUploadFiles("#certificate-form [name=key]", []string{key}, chromedp.ByQuery))
			v.press("#certificate-form .button")
		}
		choose(chain, itsKey)
		v.wait("a key of another is told", "document.querySelector('#certificate-form .wrong').textContent.length > 5")
		v.checked("certificate")
		choose(elsewhere, itsKey)
		v.waitFor("dialog .danger")
		if string(v.shown()) != string(own) {
			t.Error("in force before it was agreed to")
		}
		v.agree()
		v.waitFor("#certificate-remove")
		if string(v.shown()) != string(otherDER) {
			t.Error("what was agreed to is not in force")
		}
		choose(chain, key)
		v.wait("it is in force", "document.querySelector('#certificate dl').textContent.includes('127.0.0.1')")
		if string(v.shown()) != string(der) {
			t.Error("the new one is not in force")
		}
		v.press("#certificate-remove")
		v.agree()
		v.wait("the own one is back", "!document.querySelector('#certificate-remove')")
		if string(v.shown()) != string(own) {
			t.Error("the own one is not in force")
		}
	})
}

// Somebody comes by a real login provider, waits, is given a role and comes in; with the
// provider down the login page says so.
func TestSignOnPages(t *testing.T) {
	visitors(t, func(t *testing.T, v visitor) {
		provider := signontest.Start(t, "pages-"+v.lang, v.url+signon.ReturnPath)
		v.setUpBy()
		v.settings()
		v.press("#signon summary")
		v.fill("#signon-form [name=issuer]", provider.Issuer+"/nowhere")
		v.fill("#signon-form [name=client_id]", "pages-"+v.lang)
		v.fill("#signon-form [name=secret]", "secret")
		v.press("#signon-form .button:not([type=button])")
		v.wait("a wrong address is told", "document.querySelector('#signon-form .wrong').textContent.length > 5")
		v.checked("signon-settings")
		v.fill("#signon-form [name=issuer]", provider.Issuer)
		v.press("#signon-form .button:not([type=button])")
		v.wait("it is on", "document.querySelector('#signon-remove')")
		v.press("#logout")
		v.waitFor("a#signon")
		v.checked("login-signon")
		v.atProvider()
		v.wait("waits for a role", "location.pathname === '/login' && document.querySelector('#said')?.textContent.length > 10")
		v.settled()
		v.checked("login-waiting")
		v.fill("#user", "manager")
		v.fill("#password", password)
		v.press("#login .first")
		v.wait("the overview", "location.pathname === '/'")
		v.settings()
		v.waitFor("#signon-waiting form")
		v.checked("signon-waiting")
		v.js("document.querySelector('#signon-waiting [name=role]').value = 'auditor'", nil)
		v.press("#signon-waiting .first")
		v.wait("nobody waits", "fetch('/api/v1/signon/requests').then(r => r.json()).then(all => !all.length)")
		v.settings()
		v.settled()
		v.press("#logout")
		v.waitFor("a#signon")
		v.run(chromedp.Navigate(v.url + "/signon")) // the provider knows the browser, or asks again
		v.throughProvider()
		v.wait("the overview, as an auditor", "location.pathname === '/' && document.body.dataset.role === 'auditor'")
		v.open(v.url + "/settings")
		v.waitFor("#box dl")
		v.wait("the password is elsewhere", "!document.querySelector('#own input') && document.querySelector('#own').textContent.length > 10")
		v.press("#logout")
		v.waitFor("#login")
		v.open(v.url + "/")
		v.wait("logged out", "location.pathname === '/login'")
	})
}

// atProvider presses the button and goes through the provider's page.
func (v visitor) atProvider() {
	v.Helper()
	v.press("a#signon")
	v.throughProvider()
}

func (v visitor) throughProvider() {
	v.Helper()
	v.wait("the provider's page", "location.protocol === 'http:' && document.querySelector('[name=username]')")
	v.js(fmt.Sprintf("(() => { document.querySelector('[name=username]').value = %s; document.querySelector('[name=password]').value = %s; document.querySelector('form').submit(); })()", quoted(signontest.User), quoted(signontest.Password)), nil)
}

// A browser without https is led to it, and comes to the set-up.
func TestPlainHTTPInTheBrowser(t *testing.T) {
	g := startGateway(t)
	b := openBrowser(t, 360, 800)
	b.run(chromedp.ActionFunc(func(ctx context.Context) error {
		_, _, _, _, err := page.Navigate(strings.Replace(g.url, "https://", "http://", 1) + "/setup#setup=" + g.code).Do(ctx)
		return err
	}))
	b.wait("the set-up by https, with the code", fmt.Sprintf("location.protocol === 'https:' && document.querySelector('#code')?.value === %s", quoted(g.code)))
}
