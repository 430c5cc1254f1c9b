import {h, t, $, lang, user, field, strip, tell, icon} from '/static/app.js';

// The login that ends while a page is open is asked for over it: nothing that was typed is lost, and
// what was asked for is done then. A page that asks by itself opens no dialog, it shows a line.

const meta = $('meta[name="csrf"]');
const json = async (path, body) => {
  const init = body ? {method: 'POST', body: JSON.stringify(body), headers: {'Content-Type': 'application/json', 'Accept-Language': lang}} : {};
  const response = await fetch('/api' + path, {...init, credentials: 'same-origin'});
  return {ok: response.ok, ...await response.json().catch(() => ({}))};
};

// entered takes who is logged in now. Another one does not get what the first one typed: the page
// comes anew, and the draft waits for the first one.
function entered(info) {
  if (info.user !== user) {
    sessionStorage.setItem('bauta.notice', t('console.again.other', info.user, user));
    location.reload();
    return new Promise(() => {});
  }
  meta.content = info.csrf;
  $('#login-ended')?.remove();
  dispatchEvent(new Event('loggedin'));
  return true;
}

// again is true once somebody has logged in again, false where nobody does now.
export async function again({asked, quiet}) {
  const info = await json('/v1/session').catch(() => ({}));
  if (info.ok && info.user) return entered(info); // in another tab
  if (asked) return login();
  ended();
  return quiet ? false : new Promise(resolve => addEventListener('loggedin', () => resolve(true), {once: true}));
}

function ended() {
  if ($('#login-ended') || open) return;
  $('#login-soon')?.remove();
  strip('login-ended', icon('leave'), h('span', {}, t('console.again.bar')), h('button', {class: 'button first', type: 'button', id: 'login-again', onclick: () => login()}, t('console.again.do')));
}

// login asks in a dialog; all who wait for it share one.
let open;
function login() {
  return open ??= ask().finally(() => { open = undefined; });
}

function ask() {
  const name = h('input', {name: 'user', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true, value: user});
  const password = h('input', {name: 'password', type: 'password', autocomplete: 'current-password', required: true, autofocus: true});
  const otp = h('input', {name: 'code', autocomplete: 'one-time-code', autocapitalize: 'none', spellcheck: 'false', maxlength: 40});
  const second = field(t('console.again.otp'), otp, t('console.again.otp_hint')), wrong = h('p', {class: 'wrong', role: 'alert'});
  second.hidden = true;
  const button = h('button', {class: 'button first'}, t('console.login.do'));
  const form = h('form', {id: 'login-over'}, field(t('console.field.user'), name), field(t('console.field.password'), password), second, wrong,
    h('div', {class: 'row'}, button, h('button', {class: 'button', type: 'button', onclick: () => dialog.close()}, t('console.cancel'))));
  const dialog = h('dialog', {'aria-labelledby': 'login-over-head'}, h('h2', {id: 'login-over-head'}, t('console.again.title')), h('p', {}, t('console.again.about')), form);
  let done = false;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    wrong.textContent = '';
    button.disabled = true;
    try {
      const info = await json('/v1/login', {user: name.value, password: password.value, ...otp.value && {code: otp.value.trim()}});
      if (info.error?.code === 'second_factor') {
        second.hidden = false;
        otp.required = true;
        if (otp.value) wrong.textContent = info.error?.message ?? '';
        otp.focus();
      } else if (info.ok) {
        done = await entered(info);
        dialog.close();
      } else wrong.textContent = info.error?.message ?? t('console.error.unreachable');
    } catch { wrong.textContent = t('console.error.unreachable'); }
    finally { button.disabled = false; }
  });
  document.body.append(dialog);
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener('close', () => {
    dialog.remove();
    if (done) tell(t('console.again.done')); else { open = undefined; ended(); }
    resolve(done);
  }));
}

// How long the login lasts: if nobody asks for anything, and at most.
const warning = 5 * 60e3;
let idleEnds = Infinity, mostEnds = Infinity;
export function left(header) {
  const [idle, most] = header.split(' ').map(Number);
  if (!(idle >= 0)) return;
  idleEnds = Date.now() + idle * 1e3;
  mostEnds = Date.now() + most * 1e3;
  warn();
}

function warn() {
  const ends = idleEnds - Date.now();
  if (ends > warning || ends <= 0 || $('#login-ended')) return $('#login-soon')?.remove();
  const minutes = String(Math.max(1, Math.round(ends / 60e3))), last = mostEnds - idleEnds < 1e3; // nothing makes it longer
  if ($('#login-soon')?.dataset.minutes === minutes) return;
  strip('login-soon', icon('wait'), h('span', {}, t('console.again.soon', minutes)), last
    ? h('button', {class: 'button first', type: 'button', onclick: () => login()}, t('console.again.do'))
    : h('button', {class: 'button first', type: 'button', id: 'login-stay', onclick: stay}, t('console.again.stay'))).dataset.minutes = minutes;
}

async function hear(path) {
  const response = await fetch('/api' + path, {credentials: 'same-origin'}).catch(() => null);
  const header = response?.headers.get('X-Session-Left');
  if (header) left(header);
}

// Who types works here, though no request says so: that keeps the login too.
const stay = () => hear('/v1/session');
const every = 5 * 60e3;
let stayed = Date.now();
addEventListener('input', event => {
  if (!event.isTrusted || Date.now() - stayed < every) return;
  stayed = Date.now();
  stay();
});

// Other tabs keep the login too: before anybody is warned the gateway is asked, in a way that does not.
setInterval(async () => {
  if (idleEnds - Date.now() > warning || idleEnds <= Date.now()) return warn();
  await hear('/v1/status');
}, 20e3);

const notice = sessionStorage.getItem('bauta.notice');
if (notice) {
  sessionStorage.removeItem('bauta.notice');
  const one = strip('notice', icon('warn'), h('span', {}, notice), h('button', {class: 'button', type: 'button', onclick: () => one.remove()}, t('console.undo.close')));
}
