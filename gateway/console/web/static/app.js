// What all pages share: texts, the API, elements, times, the state of the
// gateway as it streams in.

export const lang = document.documentElement.lang;
const meta = name => document.querySelector(`meta[name="${name}"]`)?.content ?? '';
export const role = document.body.dataset.role ?? '';
export const isManager = role === 'manager';
// user is whose page this is: another one may log in later.
export const user = document.body.dataset.user ?? '';

const texts = await (await fetch(`/static/texts.${lang}.json`)).json();

// t puts the arguments in the place of %s and %d, in their order.
export function t(key, ...args) {
  const format = texts[key];
  if (format === undefined) return key;
  return format.replace(/%[sd%]/g, verb => verb === '%%' ? '%' : String(args.shift()));
}
export const has = key => key in texts;
// Texts of the API come in both languages.
export const both = text => text ? text[lang === 'zh-CN' ? 'zh' : 'en'] : '';

export class Refusal extends Error {
  constructor(status, error) {
    super(error?.message || t('console.error.status', status));
    this.status = status; this.code = error?.code; this.reason = error?.reason; this.location = error?.location; this.changed = error?.changed;
  }
}

// api calls a path under /api and returns the JSON; a plain object goes as JSON. How is as for call.
export async function api(method, path, body, headers = {}, how = {}) {
  const response = await call(method, path, body, headers, how);
  if (response.status === 204) return {};
  const answer = await response.json();
  // In force, but not on the disk: nobody is to be told that it is saved.
  if (response.status === 202 && answer.state) throw new Refusal(202, answer);
  return answer;
}

// call returns the answer. Where the login has ended it is asked for over the page, and then the
// very request is sent again. How: quiet is what a page asks for by itself, wait for how long an
// answer is waited for, in milliseconds.
export async function call(method, path, body, headers = {}, how = {}) {
  for (;;) {
    const response = await send(method, path, body, headers, how);
    left(response.headers.get('X-Session-Left'));
    if (response.ok) return response;
    const error = await response.json().then(answer => answer.error, () => undefined); // not JSON: the status says enough
    if (response.status === 401 && role === 'display') dispatchEvent(new Event('screen-ended')); // its link was withdrawn
    else if (user && (response.status === 401 || error?.code === 'csrf') && await loggedInAgain(method, how.quiet)) continue;
    throw new Refusal(response.status, error);
  }
}

// What takes its time: cameras are tried and stopped, packs made. All else is answered soon, or not at all.
const soon = 10e3, late = 180e3;
const long = (method, path) => method !== 'GET' && /^\/v1\/(cameras(\/[^/]+)?(\/(test|accounts|lock|unlock|whep))?|cameras\.csv|notify\/test|signon|discover.*|evidence.*|backup.*|restore.*|undo\/.*)$/.test(path.split('?')[0]) || /snapshot|\/forms\/|\/bundle|\/doctor|\/audit\/(verify|export)/.test(path);

// running is what somebody waits for.
const running = new Set();
export const cancel = () => running.forEach(one => one.abort('cancelled'));

async function send(method, path, body, headers, {quiet, wait = long(method, path) ? late : soon}) {
  const stop = new AbortController(), init = {method, headers: {'Accept-Language': lang, ...headers}, credentials: 'same-origin', signal: stop.signal};
  if (method !== 'GET') init.headers['X-CSRF-Token'] = meta('csrf');
  if (body !== undefined) {
    const raw = body instanceof Blob || typeof body === 'string';
    init.body = raw ? body : JSON.stringify(body);
    init.headers['Content-Type'] ??= raw ? 'application/octet-stream' : 'application/json';
  }
  const timer = setTimeout(() => stop.abort('slow'), wait);
  if (!quiet) running.add(stop);
  try { return await fetch('/api' + path, init); }
  catch {
    const why = stop.signal.aborted && (stop.signal.reason === 'cancelled' || method !== 'GET') ? stop.signal.reason : 'unreachable';
    throw new Refusal(0, {code: why, message: t('console.error.' + why)});
  } finally { clearTimeout(timer); running.delete(stop); }
}

// The login over the page lies apart: no page needs it before its login ends.
const session = () => import('/static/session.js');
let over, said; // the login over the page once it is there, and what an answer said last of the session's time
const left = header => { if (header && user) { said = header; over?.left(header); } };
const loggedInAgain = async (method, quiet) => {
  const asked = !quiet && (method !== 'GET' || !!navigator.userActivation?.isActive);
  try { return await (await session()).again({asked, quiet}); } catch { return false; }
};

// h makes an element: attributes, on… listeners, children that are nodes or texts.
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (['value', 'checked', 'disabled', 'hidden', 'required', 'open', 'selected'].includes(key)) element[key] = value;
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

export function s(name, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export const icon = name => s('svg', {class: 'icon', 'aria-hidden': 'true'}, s('use', {href: '#i-' + name}));
export const $ = selector => document.querySelector(selector);
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

// state is a word with its tone: good, warn, bad, or idle for what is not known.
const toneIcons = {good: 'shield', warn: 'warn', bad: 'stop', idle: 'wait', off: 'off'};
export const state = (tone, word) => h('span', {class: 'state', 'data-tone': tone === 'off' ? 'idle' : tone}, icon(toneIcons[tone]), word);
export const note = (tone, ...content) => h('div', {class: 'note', 'data-tone': tone},
  icon({law: 'law', good: 'check'}[tone] ?? toneIcons[tone] ?? 'wait'), h('div', {}, ...content));

// tell says something short in the live region, where screen readers hear it.
let silence;
export function tell(message, tone = 'good') {
  const told = $('#told');
  told.dataset.tone = tone;
  told.textContent = message;
  clearTimeout(silence);
  silence = setTimeout(() => { told.textContent = ''; }, 6000);
}

// strip is a line that stays over the page until it is done with.
export function strip(id, ...content) {
  let all = $('#strips');
  if (!all) document.body.append(all = h('div', {id: 'strips', class: 'strips no-print', role: 'status'}));
  document.getElementById(id)?.remove();
  const one = h('div', {class: 'strip', id}, ...content);
  all.append(one);
  return one;
}

// busy keeps a button from being pressed twice while something runs. What takes long can be cancelled,
// here or where its progress is shown.
export async function busy(button, work) {
  button.disabled = true;
  button.setAttribute('aria-busy', 'true');
  const stop = h('button', {class: 'button quiet', type: 'button', 'data-cancel': true, hidden: true, onclick: cancel}, t('console.cancel'));
  button.after(stop);
  const began = Date.now(), timer = setInterval(() => { stop.hidden = !running.size || Date.now() - began < 2000 || !!$('[data-working]'); }, 500);
  try { return await work(); }
  finally { clearInterval(timer); stop.remove(); button.disabled = false; button.removeAttribute('aria-busy'); }
}

// onSubmit runs a form's work; what is refused stands in the form, in words. Work that answers
// false has saved nothing: a draft of the form stays.
export function onSubmit(form, work) {
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const wrong = form.querySelector('.wrong');
    if (wrong) wrong.textContent = '';
    try { await busy(event.submitter ?? form.querySelector('button:not([type=button])'), async () => { if (await work(form) !== false) form.dispatchEvent(new Event('saved')); }); }
    catch (error) {
      if (wrong) wrong.textContent = error.message;
      else tell(error.message, 'bad');
    }
  });
}

let labels = 0;
// field is a labelled input, select or textarea with its hint.
export function field(label, control, hint) {
  control.id ||= `f${++labels}`;
  const help = hint && h('span', {class: 'hint', id: control.id + '-h'}, hint);
  if (help) control.setAttribute('aria-describedby', help.id);
  return h('div', {class: 'field'}, h('label', {for: control.id}, label), control, help);
}
export const choices = (pairs, value, attributes = {}) => {
  const select = h('select', attributes, pairs.map(([key, word]) => h('option', {value: key}, word)));
  select.value = value ?? '';
  return select;
};
// A field of the law's records is one line: breaks become spaces.
export const oneLine = text => text.replace(/\s+/g, ' ').trim();
export const values = form => Object.fromEntries(new FormData(form));

// confirm asks in a dialog and answers whether the reader agreed.
export function confirm(title, body, action) {
  return new Promise(resolve => {
    const dialog = h('dialog', {'aria-labelledby': 'ask'}, h('h2', {id: 'ask'}, title), h('p', {}, body),
      h('div', {class: 'row'},
        h('button', {class: 'button danger', type: 'button', onclick: () => dialog.close('yes')}, action),
        h('button', {class: 'button', type: 'button', autofocus: true, onclick: () => dialog.close('')}, t('console.cancel'))));
    dialog.addEventListener('close', () => { dialog.remove(); resolve(dialog.returnValue === 'yes'); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export const copied = text => h('div', {class: 'copy'}, h('code', {class: 'mono'}, text),
  h('button', {class: 'button', type: 'button', 'aria-label': t('console.copy'), onclick: async () => {
    await navigator.clipboard.writeText(text);
    tell(t('console.copied'));
  }}, icon('copy')));

// Times are shown by the site's clock, whatever the reader's device is set to. A zone that this
// browser does not know, and pages before the login, use the device's.
export const deviceZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
export const zone = (() => {
  const named = document.body.dataset.zone || deviceZone;
  try { return new Intl.DateTimeFormat('en', {timeZone: named}).resolvedOptions().timeZone; } catch { return deviceZone; }
})();
export const format = (options, timeZone = zone, language = lang) => new Intl.DateTimeFormat(language, {...options, timeZone});
const clock = format({hour: '2-digit', minute: '2-digit'});
const dayAndClock = format({month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit'});
const calendarDay = {year: 'numeric', month: 'short', day: 'numeric'}, dayOnly = format(calendarDay), dayItself = format(calendarDay, 'UTC');
const parts = format({year: 'numeric', month: '2-digit', day: '2-digit'}, zone, 'sv-SE'); // which writes 2026-01-31
export const when = time => (dateOf(time) === today() ? clock : dayAndClock).format(new Date(time));
// day is a time's day, or a day as records write it, which has no zone.
export const day = time => /^\d{4}-\d\d-\d\d$/.test(time) ? dayItself.format(new Date(time)) : dayOnly.format(new Date(time));
// later is a day some days later.
export const later = (date, days) => new Date(Date.parse(date) + days * 864e5).toISOString().slice(0, 10);
// dateOf is a time's day at the site and some days later, as records and inputs write it.
export const dateOf = (time, plus = 0) => later(parts.format(new Date(time)), plus);
export const today = (plus = 0) => dateOf(Date.now(), plus);
// size of so many bytes, in words.
export const size = bytes => bytes >= 1e9 ? t('console.size.gb', (bytes / 1e9).toFixed(1)) : t('console.size.mb', Math.round(bytes / 1e6));
// percent rounds down: 99.996 % is not all of it. The product may be just below a whole step that the share is.
export function percent(share) {
  const digits = share > .999 && share < 1 ? 2 : 1, steps = 100 * 10 ** digits, low = Math.floor(share * steps), next = (low + 1) / steps;
  return new Intl.NumberFormat(lang, {style: 'percent', maximumFractionDigits: digits}).format(next <= share ? next : low / steps);
}

// The stream of states. What is older than three beats is stale: it is shown
// grey whatever it said last.
const beat = 5000;
export function follow({status, compliance, stale}) {
  let last = Date.now(), source;
  const seen = () => { last = Date.now(); stale?.(false); };
  // A page without use for the answer asks too: so it says when the login is over.
  const ask = async () => {
    try {
      const now = await api('GET', '/v1/status', undefined, {}, {quiet: true});
      if (status) { status(now); seen(); }
    } catch { /* the next beat asks again */ }
  };
  const open = () => {
    source = new EventSource('/api/v1/stream');
    source.addEventListener('status', event => { seen(); status?.(JSON.parse(event.data)); });
    source.addEventListener('error', ask); // a login that ended is noticed at once
    source.addEventListener('compliance', event => { seen(); compliance?.(JSON.parse(event.data)); });
  };
  open();
  ask();
  const timer = setInterval(() => {
    const age = Date.now() - last;
    if (source.readyState === EventSource.CLOSED) { source.close(); open(); }
    if (age > beat) ask();
    if (age > 3 * beat) stale?.(true);
  }, beat);
  const anew = () => { source.close(); open(); };
  addEventListener('loggedin', anew);
  addEventListener('pagehide', () => { clearInterval(timer); source.close(); removeEventListener('loggedin', anew); });
}

// The words for how a camera stands, and the one next action.
const tones = {protected: 'good', over_masked: 'good', blocked: 'bad', offline: 'warn', unknown: 'idle'};
export function cameraTone(camera, stale) { return stale ? 'idle' : tones[camera.protection] ?? 'idle'; }
export function cameraWord(camera, stale) {
  return stale ? t('console.state.stale') : t('console.state.' + (camera.protection in tones ? camera.protection : 'unknown'));
}
export function reasonOf(camera) {
  if (camera.worker.reason === 'blocked') return 'blocked';
  return camera.source.phase === 'online' ? camera.worker.reason : camera.source.reason || camera.worker.reason;
}
export function cameraAction(camera, extra = {}) {
  const page = '/cameras/' + encodeURIComponent(camera.id);
  const reason = reasonOf(camera);
  if (reason === 'blocked') return {text: t('console.next.blocked'), href: page + '#remove-head', urgent: true};
  if (camera.protection === 'offline' || camera.protection === 'blocked') {
    const hint = 'console.hint.' + reason;
    const mended = isManager && ['unauthorized', 'unreachable', 'not_found', 'timeout', 'not_rtsp'].includes(reason);
    return {text: has(hint) ? t(hint) : t('console.next.look'), href: page + (mended ? '#edit' : '#tech-head'), urgent: true};
  }
  if (camera.mask_level) return {text: t('console.next.level'), href: page + '#next'};
  const lack = (extra.lacks ?? lacksOf(extra))[0];
  return lack ? {lack, text: t('console.next.' + lack), href: page + (['place', 'purpose'].includes(lack) ? '#facts' : '#zones-head'), urgent: ['place', 'purposes'].includes(lack)} : null;
}
// lacksOf is what the law wants said of a camera and nobody did, the most urgent first, as the overview lists it.
const lacksOf = ({facts, zones}) => [facts && !facts.place && 'place', zones?.some(zone => zone.assumed) && 'purposes',
  facts && !facts.purpose && 'purpose', zones && !zones.some(zone => zone.kind === 'capture') && 'capture'].filter(Boolean);

// standing is what of a report is not in order, in words: how much is to be fixed, to be
// answered, to be looked at, and where it is little, by which articles.
export function standing(report) {
  const of = status => report.clauses.filter(clause => clause.status === status);
  const fails = of('fail'), unknowns = of('unknown'), warns = of('warn'), all = [...fails, ...unknowns, ...warns];
  return {fails: fails.length, unknowns: unknowns.length, warns: warns.length,
    parts: [fails.length === 1 ? t('console.compliance.fail_one') : fails.length ? t('console.compliance.fails', fails.length) : '',
      unknowns.length === 1 ? t('console.compliance.unknown_one') : unknowns.length ? t('console.compliance.unknowns', unknowns.length) : '', warns.length === 1 ? t('console.compliance.warn_one') : warns.length ? t('console.compliance.warns', warns.length) : ''].filter(Boolean),
    names: all.length < 5 ? all.map(clause => both(clause.citation)) : []};
}

$('#logout')?.addEventListener('click', async () => {
  (await import('/static/draft.js')).forget();
  await call('POST', '/v1/logout', {}, {}, {quiet: true}).catch(() => {});
  location.assign('/login');
});

if (user) {
  // Whoever looks at a page in passing needs none of it.
  setTimeout(() => session().then(it => { over = it; if (said) it.left(said); }).catch(() => {}), 8000);
  if (sessionStorage.getItem('bauta.undo')) import('/static/undo.js').then(it => it.offers()).catch(() => {});
}

// ready is called by each page's script once it listens to its controls.
export const ready = () => { document.documentElement.dataset.ready = ''; };
