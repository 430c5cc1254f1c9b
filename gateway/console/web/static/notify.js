// Who is told of what: people by mail, machines by webhook, and a watcher outside.
import {api, h, t, $, fill, icon, state, note, field, choices, onSubmit, confirm, tell, busy, copied, when, lang, ready} from '/static/app.js';

const kinds = ['masking_withheld', 'camera_offline', 'over_masked', 'clause_fails', 'deadline_near', 'complaint_open', 'disk_low', 'certificate_ends', 'gateway_withheld', 'gateway_offline', 'gateway_clause'];
const kindWord = kind => t('console.notify.kind.' + kind);
const reasonWord = (reason, status) => t('console.notify.reason.' + reason) + (status ? ` (${status})` : '');
const tick = (name, label, checked) => h('label', {class: 'row'}, h('input', {type: 'checkbox', name, checked}), label);
const wrong = () => h('p', {class: 'wrong', role: 'alert'});
const save = () => h('div', {class: 'row'}, h('button', {class: 'button'}, t('console.save')));

let all;

// how is how telling one goes, in words.
function how(to) {
  if (to.failing) return state('bad', t('console.notify.waits', when(to.waiting), reasonWord(to.failing, to.status)));
  return to.last ? h('span', {class: 'small soft'}, t('console.notify.last', when(to.last))) : null;
}

function going() {
  const {state: now, people, webhooks} = all;
  const nobody = !webhooks.length && !people.some(p => p.address);
  const open = h('ul', {class: 'list'}, now.open.map(o => h('li', {}, state('warn', kindWord(o.kind)), ' ', o.name, ' ', h('span', {class: 'small soft'}, t('console.since', when(o.since))), h('p', {class: 'small'}, t('console.notify.next.' + o.kind)))));
  fill($('#going'), note(nobody ? 'warn' : now.waiting ? 'warn' : 'good', h('p', {}, nobody ? t('console.notify.none') : now.waiting ? t('console.notify.waiting', now.waiting) : t('console.notify.well')),
    now.expired ? h('p', {}, t('console.notify.given_up', now.expired)) : null, now.capped ? h('p', {}, t('console.notify.capped', now.capped)) : null),
  h('details', {class: 'card', open: now.open.length > 0}, h('summary', {}, t('console.notify.now') + ` (${now.open.length})`), now.open.length ? open : h('p', {class: 'soft'}, t('console.notify.nothing'))));
}

// A recipient as the table has it: a person or a webhook.
const entries = () => [
  ...all.people.map(p => ({name: p.user, where: p.address || t('console.notify.no_mail'), to: p, able: Boolean(p.address), path: '/v1/notify/people/' + encodeURIComponent(p.user), test: {user: p.user}, person: true})),
  ...all.webhooks.map(w => ({name: w.name, where: w.host, to: w, able: true, path: '/v1/notify/webhooks/' + encodeURIComponent(w.id), test: {webhook: w.id}})),
];

function who() {
  const head = h('tr', {}, h('th', {scope: 'col'}, t('console.notify.person')), kinds.map(k => h('th', {scope: 'col'}, kindWord(k))));
  fill($('#who'), h('div', {class: 'whom-scroll', tabindex: 0, role: 'region', 'aria-labelledby': 'who-head'}, h('table', {class: 'whom'}, h('thead', {}, head), h('tbody', {}, entries().map(row)))));
}

function row(one) {
  const quiet = one.to.quiet_from ? h('span', {class: 'small soft'}, t('console.notify.quiet', one.to.quiet_from, one.to.quiet_to)) : null;
  const buttons = h('div', {class: 'row'},
    h('button', {class: 'button', type: 'button', onclick: () => edit(one)}, t(one.person ? 'console.notify.edit' : 'console.notify.edit_hook'), h('span', {class: 'unseen'}, ' ' + one.name)),
    one.able ? h('button', {class: 'button', type: 'button', onclick: event => test(event.currentTarget, one.test)}, t('console.notify.test'), h('span', {class: 'unseen'}, ' ' + one.name)) : null,
    one.able ? h('button', {class: 'button danger', type: 'button', onclick: () => remove(one)}, t('console.notify.remove'), h('span', {class: 'unseen'}, ' ' + one.name)) : null);
  return h('tr', {}, h('th', {scope: 'row'}, h('strong', {}, one.name), h('span', {class: 'small soft'}, one.where), quiet, how(one.to), buttons), kinds.map(kind => cell(one, kind)));
}

function cell(one, kind) {
  const box = h('input', {type: 'checkbox', checked: one.to.kinds.includes(kind), disabled: !one.able, onchange: async () => {
    const wanted = kinds.filter(k => k === kind ? box.checked : one.to.kinds.includes(k));
    try { await api('PUT', one.path, {...bare(one.to), kinds: wanted}); one.to.kinds = wanted; tell(t('console.saved')); }
    catch (error) { box.checked = !box.checked; tell(error.message, 'bad'); }
  }});
  return h('td', {}, h('label', {}, box, h('span', {}, kindWord(kind)), h('span', {class: 'unseen'}, ' · ' + one.name)));
}

// bare is what a request may change of one who is told.
const bare = to => {
  const {open, waiting, last, failing, status, ...rest} = to;
  return rest;
};

async function test(button, body) {
  tell(t('console.notify.testing'));
  try {
    const got = await busy(button, () => api('POST', '/v1/notify/test', body));
    fill($('#edit'), note(got.sent ? 'good' : 'bad', h('p', {role: 'status'}, got.message))).hidden = false;
    tell(got.message, got.sent ? 'good' : 'bad');
  } catch (error) { tell(error.message, 'bad'); }
}

async function remove(one) {
  if (!await confirm(t('console.notify.remove_sure', one.name), t('console.notify.remove_about'), t('console.notify.remove'))) return;
  try { await api('DELETE', one.path); await load(); } catch (error) { tell(error.message, 'bad'); }
}

// Quiet hours and what breaks through are the same for people and webhooks.
const hours = to => [
  field(t('console.notify.quiet_from'), h('input', {name: 'quiet_from', type: 'time', value: to.quiet_from ?? ''}), t('console.notify.quiet_hint')),
  field(t('console.notify.quiet_to'), h('input', {name: 'quiet_to', type: 'time', value: to.quiet_to ?? ''})),
];
const hookFields = w => [
  field(t('console.notify.hook_name'), h('input', {name: 'name', required: true, maxlength: 60, value: w.name ?? '', autocomplete: 'off'})),
  field(t('console.notify.hook_url'), h('input', {name: 'url', type: 'url', required: !w.host, autocomplete: 'off', placeholder: 'https://'}), w.host ? t('console.notify.url_keep', w.host) : null),
  field(t('console.notify.hook_language'), choices([['en', 'English'], ['zh-CN', '中文']], w.language || lang, {name: 'language'})),
];

function edit(one) {
  const fields = one.person ? [field(t('console.notify.address'), h('input', {name: 'address', type: 'email', required: true, value: one.to.address, autocomplete: 'off'}), t('console.notify.address_hint'))] : hookFields(one.to);
  const form = h('form', {}, h('h3', {}, t('console.notify.edit_title', one.name)), h('div', {class: 'fields'}, fields, hours(one.to)),
    tick('urgent', t('console.notify.urgent'), one.to.urgent), one.person ? null : tick('private', t('console.notify.private'), one.to.private), wrong(), save());
  onSubmit(form, async () => {
    const first = one.person && !one.able && !one.to.kinds.length; // who gets an address is told what matters most
    const body = {...bare(one.to), ...read(form)};
    await api('PUT', one.path, first ? {...body, kinds: kinds.slice(0, 8)} : body);
    tell(t('console.saved'));
    $('#edit').hidden = true;
    await load();
  });
  fill($('#edit'), form).hidden = false;
  form.querySelector('input').focus();
}

// read is a form's content, ticks as true and false and numbers as numbers.
function read(form) {
  const out = {};
  for (const c of form.elements) {
    if (!c.name) continue;
    out[c.name] = c.type === 'checkbox' ? c.checked : c.type === 'number' ? Number(c.value) : c.value;
  }
  return out;
}

function hook(made) {
  const form = $('#hook');
  fill(form, made ? note('good', h('p', {}, t('console.notify.hook_secret')), copied(made.secret)) : null, h('div', {class: 'fields'}, hookFields({}), hours({})),
    tick('urgent', t('console.notify.urgent'), false), tick('private', t('console.notify.private'), false), wrong(), h('div', {class: 'row'}, h('button', {class: 'button'}, icon('plus'), t('console.notify.hook_add'))));
}

const securities = [['starttls', 587], ['tls', 465], ['none', 25]];
function mail() {
  const m = all.mail, port = h('input', {name: 'port', type: 'number', min: 1, max: 65535, required: true, value: m.port || 587});
  const security = choices(securities.map(([s]) => [s, t('console.notify.mail_' + (s === 'none' ? 'plain' : s))]), m.security || 'starttls', {name: 'security'});
  security.addEventListener('change', () => { port.value = Object.fromEntries(securities)[security.value]; });
  fill($('#mail'), h('div', {class: 'fields'},
    field(t('console.notify.mail_host'), h('input', {name: 'host', value: m.host, autocomplete: 'off', autocapitalize: 'none', placeholder: 'smtp.example.com'})),
    field(t('console.notify.mail_security'), security), field(t('console.notify.mail_port'), port),
    field(t('console.notify.mail_user'), h('input', {name: 'user', value: m.user, autocomplete: 'off', autocapitalize: 'none'})),
    field(t('console.field.password'), h('input', {name: 'password', type: 'password', autocomplete: 'new-password'}), t(m.password_set ? 'console.notify.mail_keep' : 'console.notify.mail_hint')),
    field(t('console.notify.mail_from'), h('input', {name: 'from', type: 'email', value: m.from, autocomplete: 'off'}))), wrong(), save());
}

function rules() {
  const r = all.rules, number = (name, value, min, max) => h('input', {name, type: 'number', min, max, required: true, value});
  const one = kind => h('tr', {}, h('th', {scope: 'row'}, kindWord(kind)),
    h('td', {}, h('label', {}, h('span', {}, t('console.notify.delay')), h('span', {class: 'unseen'}, ' · ' + kindWord(kind)), number('delay.' + kind, r.kinds[kind].delay_s, 0, 86400))),
    h('td', {}, h('label', {}, h('span', {}, t('console.notify.repeat')), h('span', {class: 'unseen'}, ' · ' + kindWord(kind)), number('repeat.' + kind, r.kinds[kind].repeat_h, 0, 720))));
  fill($('#rules'), h('div', {class: 'fields'}, field(t('console.notify.digest'), number('digest_s', r.digest_s, 0, 3600), t('console.notify.digest_hint')), field(t('console.notify.per_hour'), number('per_hour', r.per_hour, 1, 60), t('console.notify.per_hour_hint')),
    field(t('console.notify.deadline_days'), number('deadline_days', r.deadline_days, 1, 90), t('console.notify.days_hint')), field(t('console.notify.certificate_days'), number('certificate_days', r.certificate_days, 1, 90), t('console.notify.days_hint'))),
  h('table', {class: 'whom times'}, h('tbody', {}, kinds.map(one))), wrong(), save());
}

function ruleBody(form) {
  const {digest_s, per_hour, deadline_days, certificate_days, ...rest} = read(form);
  return {digest_s, per_hour, deadline_days, certificate_days, kinds: Object.fromEntries(kinds.map(k => [k, {delay_s: rest['delay.' + k], repeat_h: rest['repeat.' + k]}]))};
}

function site() {
  const here = location.hostname === 'localhost' || location.hostname.startsWith('127.') ? '' : location.origin;
  fill($('#site'), h('div', {class: 'fields'}, field(t('console.notify.site_name'), h('input', {name: 'name', maxlength: 60, value: all.site.name}), t('console.notify.site_hint')),
    field(t('console.notify.console'), h('input', {name: 'console', type: 'url', value: all.site.console, placeholder: here || 'https://'}), t('console.notify.console_hint'))), wrong(), save());
}

function ping() {
  const p = all.ping;
  fill($('#ping'), h('div', {class: 'fields'}, field(t('console.notify.ping_url'), h('input', {name: 'url', type: 'url', autocomplete: 'off', placeholder: 'https://'}), p.host ? t('console.notify.url_keep', p.host) : null),
    field(t('console.notify.ping_every'), h('input', {name: 'every', type: 'number', min: 0, max: 1440, required: true, value: p.every}))), tick('private', t('console.notify.private'), p.private),
  p.failing ? state('bad', reasonWord(p.failing)) : p.last ? state('good', t('console.notify.ping_last', when(p.last))) : null, wrong(),
  h('div', {class: 'row'}, h('button', {class: 'button'}, t('console.save')), p.host ? h('button', {class: 'button', type: 'button', onclick: event => test(event.currentTarget, {ping: true})}, t('console.notify.test')) : null));
}

async function load() {
  all = await api('GET', '/v1/notify');
  going();
  who();
}

// keeps saves a form's part of the settings and shows it anew.
const keeps = (id, path, body, show) => onSubmit($(id), async form => { await api('PUT', path, body(form)); tell(t('console.saved')); await load(); show(); });

ready();
try {
  await load();
  hook();
  for (const show of [mail, rules, site, ping]) show();
  keeps('#mail', '/v1/notify/mail', read, mail);
  keeps('#rules', '/v1/notify/rules', ruleBody, rules);
  keeps('#site', '/v1/notify/site', read, site);
  keeps('#ping', '/v1/notify/ping', read, ping);
  onSubmit($('#hook'), async form => { const made = await api('POST', '/v1/notify/webhooks', {...read(form), kinds: kinds.slice(0, 8)}); await load(); hook(made); });
} catch (error) { tell(error.message, 'bad'); }
