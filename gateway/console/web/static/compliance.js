import {api, follow, h, t, both, has, $, fill, icon, state, note, field, choices, onSubmit, values, tell, when, isManager, ready} from '/static/app.js';
import {kinds, section} from '/static/records.js';
import {violations} from '/static/violations.js';

const tones = {pass: 'good', warn: 'warn', fail: 'bad', unknown: 'idle', info: 'idle'};
const order = ['fail', 'warn', 'unknown', 'pass', 'info'];
// Where each next action is done: a record, the site, or a camera's facts by
// the field that is missing there.
const records = {sign: 'sign', sign_check: 'sign', second_layer: 'sign', assessment: 'assessment', enrolment: 'filing', system_filing: 'filing', device_test: 'devicetest',
  inspection: 'inspection', export_fields: 'export', export_purpose: 'export', public_release: 'export', retention: 'retention'};
const site = ['site', 'secret', 'controls', 'face_data'];
const lacking = {purpose: f => !f.purpose, public_safety: f => f.purpose !== 'public-safety', place: f => !f.place, first_use: f => !f.commissioned, necessity: f => !f.necessity, equipment: f => !f.model || !f.certificate,
  alternative: f => f.access_control && !f.alternative, extras: f => f.extras?.length && !f.extras_reason};
let report, cameras = [], old = false;

function link(clause) {
  const action = clause.action;
  const words = has('console.fix.' + action) ? t('console.fix.' + action) : both(clause.next);
  const button = attributes => h('a', {class: clause.status === 'fail' ? 'button first' : 'button', 'data-fix': action, ...attributes}, words);
  const at = camera => '/cameras/' + encodeURIComponent(camera.id);
  if (records[action]) return button({href: '#' + records[action], onclick: event => { event.preventDefault(); document.getElementById(records[action]).reveal(); }});
  if (site.includes(action)) return button({href: '#site'});
  if (action === 'violation') return button({href: '#violations'});
  if (action === 'capture') { const one = cameras.find(c => !c.zones.some(zone => zone.kind === 'capture')) ?? cameras[0]; return one && button({href: at(one) + '#zones-head'}); }
  if (action === 'prohibited') { const one = cameras.find(c => c.worker.reason === 'blocked') ?? cameras[0]; return one && button({href: at(one) + '#remove-head'}); }
  if (lacking[action]) { const one = cameras.find(c => lacking[action](c.facts)) ?? cameras[0]; return one && button({href: at(one) + '#facts'}); }
  if (['expiring', 'bulk', 'minors', 'age', 'revoked'].includes(action)) return button({href: '/consents'});
  if (action === 'shared' || action === 'evidence') return button({href: action === 'shared' ? '/settings#users-head' : '/evidence'});
  return words ? h('span', {class: 'small'}, words) : null;
}

const row = clause => h('li', {class: 'clause', 'data-clause': clause.id, 'data-status': clause.status},
  h('div', {}, state(old ? 'idle' : tones[clause.status] ?? 'idle', t('status.' + clause.status))),
  h('div', {class: 'stack tight'}, h('h3', {}, both(clause.duty)), both(clause.evidence) ? h('p', {}, both(clause.evidence)) : null,
    h('p', {class: 'soft small'}, both(clause.citation), clause.verified ? '' : ' ' + t('cli.compliance.unverified'), clause.source === 'policy' ? ' · ' + t('console.compliance.own') : '', ' · ', t('console.since', when(clause.since)))),
  h('div', {class: 'act'}, ['pass', 'info'].includes(clause.status) || !isManager ? null : link(clause)));

function hero() {
  const count = status => report.clauses.filter(clause => clause.status === status).length;
  const fails = count('fail'), warns = count('warn') + count('unknown');
  const tone = old ? 'idle' : fails ? 'bad' : warns ? 'warn' : 'good';
  const head = old ? t('console.overview.stale') : fails === 1 ? t('console.compliance.fail_one') : fails ? t('console.compliance.fails', fails) : warns ? t('console.compliance.warns', warns) : t('console.compliance.good');
  $('#hero').dataset.tone = tone;
  fill($('#hero'), icon({bad: 'stop', warn: 'warn', good: 'shield', idle: 'wait'}[tone]), h('div', {}, h('h1', {}, head), h('p', {}, t('console.compliance.pack', both(report.title), report.version), ' · ', t('console.since', when(report.since)))));
}

function draw() {
  if (!report) return;
  hero();
  const open = new Set([...$('#clauses').querySelectorAll('details[open]')].map(one => one.dataset.of));
  const had = document.activeElement?.dataset?.fix;
  fill($('#clauses'), order.map(status => {
    const list = report.clauses.filter(clause => clause.status === status);
    if (!list.length) return null;
    const head = t('console.compliance.group.' + status, list.length), body = h('ul', {class: 'list'}, list.map(row));
    return ['fail', 'warn', 'unknown'].includes(status) ? h('section', {class: 'card'}, h('h2', {}, head), body)
      : h('details', {class: 'card', 'data-of': status, open: open.has(status)}, h('summary', {}, head), body);
  }));
  if (had) $(`[data-fix="${had}"]`)?.focus();
}

function siteForm(facts) {
  const form = $('#site-form'), off = !isManager;
  const line = (name, hint) => field(t('console.site.' + name), h('input', {name, maxlength: 200, value: facts[name] ?? '', disabled: off}), hint && t(hint));
  const near = h('input', {type: 'checkbox', name: 'near_secret', checked: !!facts.near_secret, disabled: off});
  const secret = line('near_secret_consent');
  const toggle = () => { secret.hidden = !near.checked; };
  near.addEventListener('change', toggle);
  toggle();
  fill(form, h('div', {class: 'fields'},
    field(t('console.site.class'), choices([['', t('console.facts.choose')], ...['art7', 'art9', 'non_public'].map(c => [c, t('console.site.class.' + c)])], facts.class, {name: 'class', disabled: off}), t('console.site.class_hint')),
    field(t('console.site.recognition_mode'), choices([['', t('console.facts.choose')], ...['detect_only', 'match_tokens'].map(m => [m, t('console.site.mode.' + m)])], facts.recognition_mode, {name: 'recognition_mode', disabled: off})),
    line('jurisdiction', 'console.site.jurisdiction_hint'), line('contact', 'console.site.contact_hint'), line('grading', 'console.site.grading_hint')),
    h('label', {class: 'choice plain'}, near, h('span', {}, t('console.site.near_secret'))), secret,
    h('p', {class: 'wrong', role: 'alert'}), isManager && h('div', {class: 'row'}, h('button', {class: 'button first', id: 'site-save'}, t('console.save'))));
}

onSubmit($('#site-form'), async form => {
  await api('PUT', '/v1/site', {...values(form), near_secret: form.near_secret.checked});
  tell(t('console.saved'));
  await judge();
});

ready();

const judge = async () => { report = await api('GET', '/v1/compliance'); draw(); };

async function learn() {
  const list = await api('GET', '/v1/cameras');
  cameras = await Promise.all(list.map(async camera => {
    const path = '/v1/cameras/' + encodeURIComponent(camera.id);
    const [facts, zones] = await Promise.all([api('GET', path + '/facts').catch(() => ({})), api('GET', path + '/zones').catch(() => ({zones: []}))]);
    return {...camera, facts, zones: zones.zones};
  }));
}

try {
  const [, site_, purposes] = await Promise.all([learn(), api('GET', '/v1/site'), api('GET', '/v1/purposes')]);
  siteForm(site_);
  const context = {cameras, purposes: purposes.map(purpose => [purpose.id, both(purpose.name)]), changed: () => judge().catch(() => {})};
  fill($('#records'), Object.keys(kinds).map(kind => section(kind, context)));
  await judge();
  const places = await api('GET', '/v1/places');
  await violations(Object.fromEntries(places.map(place => [place.id, both(place.name)])), () => judge().catch(() => {}));
  const wanted = document.getElementById(location.hash.slice(1));
  if (wanted?.reveal) wanted.reveal(); else if (location.hash) wanted?.scrollIntoView();
} catch (error) { fill($('#hero'), note('bad', h('h1', {}, error.message))); }

follow({
  compliance: next => { if (!report || next.seq !== report.seq) { report = next; draw(); } },
  stale: is => { if (is !== old) { old = is; draw(); } },
});
