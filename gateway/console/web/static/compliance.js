import {api, follow, h, t, both, has, $, fill, icon, state, note, field, choices, onSubmit, values, tell, when, day, today, isManager, ready} from '/static/app.js';
import {kinds, section} from '/static/records.js';
import {violations} from '/static/violations.js';

// Only what was measured is green; what was only said or recorded is neutral.
const tone = clause => clause.status === 'pass' ? (clause.basis === 'measured' ? 'good' : 'idle') : {warn: 'warn', fail: 'bad', unknown: 'warn'}[clause.status] ?? 'idle';
const word = clause => t('status.' + (clause.basis || clause.status));
const order = ['fail', 'unknown', 'warn', 'pass', 'not_applicable', 'info'];
// Where each next action is done: a record, the site, or a camera's facts by
// the field that is missing there.
const records = {sign: 'sign', sign_check: 'sign', second_layer: 'sign', assessment: 'assessment', enrolment: 'filing', system_filing: 'filing', device_test: 'devicetest',
  inspection: 'inspection', report: 'inspection', complaint: 'complaint', register: 'export', report_of_masks: 'export', export_fields: 'export', export_purpose: 'export', public_release: 'export', retention: 'retention'};
// What is mended in a record that is there, not by another one.
const mended = ['report', 'complaint', 'report_of_masks', 'export_fields', 'export_purpose', 'public_release'];
const site = ['site', 'jurisdiction'];
const asked = {secret: 'secret-neighbour', devices: 'face-devices', incident: 'incident', originals: 'originals'};
const elsewhere = {camera: '/cameras/new', shared: '/settings#users-head', evidence: '/evidence', export: '/evidence'};
const lacking = {purpose: f => !f.purpose, public_safety: f => f.purpose !== 'public-safety', place: f => !f.place, first_use: f => !f.commissioned, necessity: f => !f.necessity, equipment: f => !f.model || !f.certificate,
  alternative: f => f.access_control && !f.alternative, extras: f => f.extras?.length && !f.extras_reason, doors: f => !f.access_control};
let report, cameras = [], questions = [], old = false;

// to is where a button leads on this page: what is there opens, or has the focus.
const to = (id, then) => ({href: '#' + id, onclick: event => { event.preventDefault(); then(document.getElementById(id)); }});
const focusOn = form => { form.scrollIntoView({block: 'center'}); form.querySelector('select').focus({preventScroll: true}); };

// asks is the question that a clause waits for; the next step of an unanswered one names it.
const asks = clause => asked[clause.action] ?? (clause.action === 'answer' ? questions.find(one => clause.next.en.includes(` ${one.id} `))?.id : undefined);

function link(clause) {
  const action = clause.action;
  const words = has('console.fix.' + action) ? t('console.fix.' + action) : both(clause.next);
  const button = attributes => h('a', {class: clause.status === 'fail' ? 'button first' : 'button', 'data-fix': action, ...attributes}, words);
  const at = camera => '/cameras/' + encodeURIComponent(camera.id);
  if (records[action]) return button(to(records[action], section => section.reveal(mended.includes(action) || action === 'inspection' && clause.status === 'unknown')));
  if (action === 'calendar') return button({href: '#calendar'});
  if (site.includes(action)) return button({href: '#site'});
  const id = asks(clause);
  if (id) return button(to('question-' + id, focusOn));
  if (action === 'violation') return button({href: '#violations'});
  if (action === 'capture') { const one = cameras.find(c => !c.zones.some(zone => zone.kind === 'capture')) ?? cameras[0]; return one && button({href: at(one) + '#zones-head'}); }
  if (action === 'prohibited') { const one = cameras.find(c => c.worker.reason === 'blocked') ?? cameras[0]; return one && button({href: at(one) + '#remove-head'}); }
  if (lacking[action]) { const one = cameras.find(c => lacking[action](c.facts)) ?? cameras[0]; return one && button({href: at(one) + '#facts'}); }
  if (['expiring', 'bulk', 'minors', 'age', 'revoked'].includes(action)) return button({href: '/consents'});
  if (elsewhere[action]) return button({href: elsewhere[action]});
  return words ? h('span', {class: 'small'}, words) : null;
}

// left counts the days to a deadline, or since it.
function left(clause) {
  const days = Math.round((Date.parse(clause.due) - Date.parse(report.today)) / 864e5);
  const words = clause.status === 'unknown' ? 'earliest' : days < 0 ? 'over' : days === 0 ? 'last' : days === 1 ? 'one' : 'left';
  return t('console.due.' + words, day(clause.due + 'T00:00'), Math.abs(days));
}

const row = (clause, counts = true) => h('li', {class: 'clause', 'data-clause': clause.id, 'data-status': clause.status},
  h('div', {}, state(old || !counts ? 'idle' : tone(clause), word(clause))),
  h('div', {class: 'stack tight'}, h('h3', {}, both(clause.duty)), both(clause.evidence) ? h('p', {}, both(clause.evidence)) : null,
    clause.due && h('p', {class: 'small', 'data-due': clause.due}, left(clause)),
    h('p', {class: 'soft small'}, t('console.compliance.who', both(clause.who)), both(clause.penalty) ? ' · ' + t('console.compliance.penalty', both(clause.penalty)) : ''),
    h('p', {class: 'soft small'}, both(clause.citation), ' · ', t('trust.' + clause.trust), clause.verified ? '' : ' ' + t('cli.compliance.unverified'), clause.source === 'policy' ? ' · ' + t('console.compliance.own') : '', ' · ', t('console.since', when(clause.since)))),
  h('div', {class: 'act'}, ['pass', 'info', 'not_applicable'].includes(clause.status) || !counts || !isManager ? null : link(clause)));

// overlay shows a draft or guidance under its own heading: it has no colour and counts nowhere.
const overlay = (pack, open) => h('details', {class: 'card', 'data-of': pack.id, 'data-overlay': pack.kind, open: open.has(pack.id)},
  h('summary', {}, t('console.compliance.overlay', t('pack.kind.' + pack.kind), both(pack.title), pack.version)),
  h('p', {class: 'soft'}, t('console.compliance.overlay_about')), h('ul', {class: 'list'}, pack.clauses.map(clause => row(clause, false))));

// where says that it is not known which law holds, and why.
function where() {
  const clause = report.clauses.find(one => one.action === 'jurisdiction');
  return clause ? h('p', {'data-law': 'unknown'}, both(clause.evidence)) : null;
}

function hero() {
  const count = status => report.clauses.filter(clause => clause.status === status).length;
  const fails = count('fail'), unknowns = count('unknown'), warns = count('warn');
  const on = basis => report.clauses.filter(clause => clause.status === 'pass' && clause.basis === basis).length;
  const tone = old ? 'idle' : fails ? 'bad' : unknowns || warns ? 'warn' : 'idle';
  const parts = [fails === 1 ? t('console.compliance.fail_one') : fails ? t('console.compliance.fails', fails) : '', unknowns ? t('console.compliance.unknowns', unknowns) : '', warns ? t('console.compliance.warns', warns) : ''].filter(Boolean);
  const head = old ? t('console.overview.stale') : parts.join(' · ') || t('console.compliance.good', count('pass'), on('measured'), on('recorded'), on('declared'));
  $('#hero').dataset.tone = tone;
  fill($('#hero'), icon({bad: 'stop', warn: 'warn', idle: 'wait'}[tone]), h('div', {}, h('h1', {}, head), where(),
    h('p', {}, t('console.compliance.pack', both(report.title), report.version), ' · ', t('console.since', when(report.since)))));
}

function draw() {
  if (!report) return;
  hero();
  const open = new Set([...$('#clauses').querySelectorAll('details[open]')].map(one => one.dataset.of));
  const had = document.activeElement?.dataset?.fix;
  fill($('#clauses'), [...order.map(status => {
    const list = report.clauses.filter(clause => clause.status === status);
    if (!list.length) return null;
    const head = t('console.compliance.group.' + status, list.length), body = h('ul', {class: 'list'}, list.map(clause => row(clause)));
    return ['fail', 'unknown', 'warn'].includes(status) ? h('section', {class: 'card'}, h('h2', {}, head), body)
      : h('details', {class: 'card', 'data-of': status, open: open.has(status)}, h('summary', {}, head), body);
  }), ...report.overlays.map(pack => overlay(pack, open))]);
  if (had) $(`[data-fix="${had}"]`)?.focus();
}

function siteForm(facts, codes) {
  const form = $('#site-form'), off = !isManager;
  const line = (name, hint) => field(t('console.site.' + name), h('input', {name, maxlength: 200, value: facts[name] ?? '', disabled: off}), hint && t(hint));
  fill(form, h('div', {class: 'fields'},
    field(t('console.site.class'), choices([['', t('console.facts.choose')], ...['art7', 'art9', 'non_public'].map(c => [c, t('console.site.class.' + c)])], facts.class, {name: 'class', disabled: off}), t('console.site.class_hint')),
    field(t('console.site.recognition_mode'), choices([['', t('console.facts.choose')], ...['detect_only', 'match_tokens'].map(m => [m, t('console.site.mode.' + m)])], facts.recognition_mode, {name: 'recognition_mode', disabled: off})),
    field(t('console.site.jurisdiction'), h('input', {name: 'jurisdiction', list: 'jurisdictions', maxlength: 9, value: facts.jurisdiction ?? '', disabled: off}), t('console.site.jurisdiction_hint')), h('datalist', {id: 'jurisdictions'}, codes.map(one => h('option', {value: one.id}, both(one.name)))),
    line('time_zone', 'console.site.time_zone_hint'), line('contact', 'console.site.contact_hint'), line('grading', 'console.site.grading_hint')),
    h('p', {class: 'wrong', role: 'alert'}), isManager && h('div', {class: 'row'}, h('button', {class: 'button first', id: 'site-save'}, t('console.save'))));
}

// One form a question: yes or no, and what belongs to it; a yes alone has a count and a day. An
// answer is stored as it is given.
function question(one) {
  const was = one.answer ?? {}, off = !isManager, head = `question-${one.id}-head`;
  const asked = name => t(has(`console.questions.${name}.${one.id}`) ? `console.questions.${name}.${one.id}` : 'console.questions.' + name);
  const says = choices([['', t('console.questions.open')], ['yes', t('answer.yes')], ['no', t('answer.no')]], was.says, {name: 'says', disabled: off});
  const more = (name, attributes) => field(asked(name), h('input', {name, value: was[name] ?? '', disabled: off, ...attributes}));
  const ofYes = [one.id === 'face-devices' && more('count', {type: 'number', min: 0}), ['face-devices', 'secret-neighbour'].includes(one.id) && more('day', {type: 'date', max: today()})].filter(Boolean);
  const toggle = () => ofYes.forEach(part => { part.hidden = says.value !== 'yes'; });
  says.addEventListener('change', toggle);
  toggle();
  const form = h('form', {class: 'question', id: 'question-' + one.id, 'data-question': one.id, 'aria-labelledby': head}, h('h3', {id: head}, both(one.question)),
    h('div', {class: 'fields'}, field(t('console.questions.answer'), says), more('note', {maxlength: 200}), ofYes),
    was.by ? h('p', {class: 'soft small'}, t('console.questions.by', was.by, was.date)) : null,
    h('p', {class: 'wrong', role: 'alert'}), isManager && h('div', {class: 'row'}, h('button', {class: 'button'}, t('console.save'))));
  onSubmit(form, async () => {
    const {count, day, ...said} = values(form), yes = said.says === 'yes';
    await api('PUT', '/v1/site/answers/' + one.id, {...said, ...(yes && count ? {count: Number(count)} : {}), ...(yes && day ? {day} : {})});
    tell(t('console.saved'));
    questions = await api('GET', '/v1/site/questions');
    const next = question(questions.find(now => now.id === one.id)); // what is being written in the others stays
    form.replaceWith(next);
    next.querySelector('button').focus();
    await judge();
  });
  return form;
}

async function ask() {
  questions = await api('GET', '/v1/site/questions');
  fill($('#question-list'), questions.map(question));
}

onSubmit($('#site-form'), async form => {
  const {near_secret, near_secret_consent} = await api('GET', '/v1/site');
  await api('PUT', '/v1/site', {...values(form), near_secret, near_secret_consent});
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
  const [, site_, purposes, codes] = await Promise.all([learn(), api('GET', '/v1/site'), api('GET', '/v1/purposes'), api('GET', '/v1/jurisdictions')]);
  siteForm(site_, codes);
  await ask();
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
