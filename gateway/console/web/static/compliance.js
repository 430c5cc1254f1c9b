import {api, follow, standing, h, t, both, has, $, fill, icon, state, note, field, choices, onSubmit, values, tell, when, day, isManager, ready, zone} from '/static/app.js';
import {clocks, zones} from '/static/clocks.js';
import {section} from '/static/records.js';
import {violations} from '/static/violations.js';
import {lacking} from '/static/lacking.js';
import {draft, drop} from '/static/draft.js';
import {change, read, optionWord} from '/static/meanwhile.js';

// Only what was measured is green; what was only said or recorded is neutral.
const tone = clause => clause.status === 'pass' ? (clause.basis === 'measured' ? 'good' : 'idle') : {warn: 'warn', fail: 'bad', unknown: 'warn'}[clause.status] ?? 'idle';
const word = clause => t('status.' + (clause.basis || clause.status));
const order = ['fail', 'warn', 'unknown', 'pass', 'not_applicable', 'info'];
// Where each next action is done: a record, the site, or a camera's facts by
// the field that is missing there.
const records = {sign: 'sign', sign_check: 'sign', second_layer: 'sign', assessment: 'assessment', enrolment: 'filing', system_filing: 'filing', device_test: 'devicetest',
  inspection: 'inspection', report: 'inspection', complaint: 'complaint', register: 'export', quiet: 'quiet', requester: 'export', processing: 'processing', breach: 'incident', notice: 'notice', training: 'training',
  request: 'request', document: 'document', contract: 'contract', recorder: 'recorder', approval: 'approval', device: 'device', device_fill: 'device', device_stop: 'device', alternative: 'device', draft_filing: 'filing', device_tied: 'device', device_minors: 'device', device_walk: 'device', device_area: 'device', device_sign: 'device', device_purpose: 'device', device_remove: 'device', lawyer: 'device', walk: 'walk', room_seen: 'walk', ground: 'ground', special: 'ground', handling: 'processing', report_of_masks: 'export', export_fields: 'export', export_purpose: 'export', public_release: 'export', retention: 'retention'};
// What is mended in a record that is there, not by another one.
const mended = ['lawyer', 'device_fill', 'device_stop', 'alternative', 'device_tied', 'device_minors', 'device_walk', 'device_area', 'device_sign', 'device_purpose', 'device_remove', 'report', 'complaint', 'requester', 'breach', 'request', 'report_of_masks', 'export_fields', 'export_purpose', 'public_release'];
const site = ['site', 'jurisdiction', 'entitled', 'national_rule'];
const elsewhere = {camera: '/cameras/new', shared: '/settings#streams-head', screens: '/settings#screens-head', evidence: '/evidence', export: '/evidence'};
// boxed is a camera that earlier versions were told lets people in, and by no other way.
const boxed = camera => camera.facts.access_control && !camera.facts.alternative;
let report, cameras = [], questions = [], old = false, said, siteTag, siteFields = [];

// to is where a button leads on this page: what is there opens, or has the focus.
const to = (id, then) => ({href: '#' + id, onclick: event => { event.preventDefault(); then(document.getElementById(id)); }});

// asks is the question that makes a clause known, or whose answer is to be given anew.
const asks = clause => questions.find(one => one.open.includes(clause.id)) ?? questions.find(one => one.answer && one.actions?.includes(clause.action));
// mends reports whether a clause waits for a correction of what is on record.
const mends = clause => mended.includes(clause.action) || clause.action === 'inspection' && clause.status === 'unknown';

function link(clause) {
  const action = clause.action;
  const words = has('console.fix.' + action) ? t('console.fix.' + action) : both(clause.next);
  const button = attributes => h('a', {class: clause.status === 'fail' ? 'button first' : 'button', 'data-fix': action, ...attributes}, words);
  const at = camera => '/cameras/' + encodeURIComponent(camera.id);
  // some leads to the one camera that lacks it, or to the list of those that do.
  const some = (those, part) => those.length > 1 ? button({href: '/cameras?lacks=' + action}) : cameras.length ? button({href: at(those[0] ?? cameras[0]) + part}) : null;
  const question = asks(clause);
  if (question && !mends(clause) && (clause.status === 'unknown' || !records[action])) return button({href: '/questions#' + question.id});
  if (action === 'alternative' && cameras.some(boxed)) return button({href: at(cameras.find(boxed)) + '#facts'});
  if (records[action]) return button(to(records[action], section => section.reveal(mends(clause))));
  if (action === 'calendar') return button({href: '#calendar'});
  if (['ahead', 'unreadable'].includes(action)) return button({href: '#records-head'});
  if (site.includes(action)) return button({href: '#site'});
  if (action === 'violation') return button({href: '#violations'});
  if (action === 'capture') return some(cameras.filter(c => c.lacks.includes('capture')), '#zones-head');
  if (action === 'prohibited') { const one = cameras.find(c => c.worker.reason === 'blocked') ?? cameras[0]; return one && button({href: at(one) + '#remove-head'}); }
  if (lacking[action]) return some(cameras.filter(c => lacking[action](c.facts)), '#facts');
  if (['expiring', 'bulk', 'minors', 'age', 'revoked'].includes(action)) return button({href: '/consents'});
  if (elsewhere[action]) return button({href: elsewhere[action]});
  return words ? h('span', {class: 'small'}, words) : null;
}

// left counts the days to a deadline, or since it.
function left(clause) {
  const days = Math.round((Date.parse(clause.due) - Date.parse(report.today)) / 864e5);
  const words = clause.status === 'unknown' ? 'earliest' : days < 0 ? 'over' : days === 0 ? 'last' : days === 1 ? 'one' : 'left';
  return t('console.due.' + words, day(clause.due), Math.abs(days));
}

const row = (clause, counts = true) => h('li', {class: 'clause', id: counts ? 'clause-' + clause.id : null, 'data-clause': clause.id, 'data-status': clause.status},
  h('div', {}, state(old || !counts ? 'idle' : tone(clause), word(clause))),
  h('div', {class: 'stack tight'}, h('h3', {}, both(clause.duty)), both(clause.evidence) ? h('p', {}, both(clause.evidence)) : null,
    clause.due && h('p', {class: 'small', 'data-due': clause.due}, left(clause)),
    h('details', {class: 'small', 'data-of': 'law ' + clause.id}, h('summary', {}, both(clause.citation)),
      h('p', {class: 'soft'}, t('console.compliance.who', both(clause.who)), both(clause.penalty) ? ' · ' + t('console.compliance.penalty', both(clause.penalty)) : ''),
      h('p', {class: 'soft'}, t('trust.' + clause.trust), clause.verified ? '' : ' ' + t('cli.compliance.unverified'), clause.source === 'policy' ? ' · ' + t('console.compliance.own') : '', ' · ', t('console.since', when(clause.since))))),
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
  const {fails, unknowns, warns, parts, names} = standing(report);
  const on = basis => report.clauses.filter(clause => clause.status === 'pass' && (!basis || clause.basis === basis)).length;
  const tone = old ? 'idle' : fails ? 'bad' : unknowns || warns ? 'warn' : 'idle';
  const head = old ? t('console.overview.stale') : parts.join(' · ') || t('console.compliance.good', on(), on('measured'), on('recorded'), on('declared'));
  $('#hero').dataset.tone = tone;
  fill($('#hero'), icon({bad: 'stop', warn: 'warn', idle: 'wait'}[tone]), h('div', {}, h('h1', {}, head), names.length && !old ? h('p', {}, names.join(' · ')) : null, where(),
    h('p', {}, t('console.compliance.pack', both(report.title), report.version), ' · ', t('console.since', when(report.since)))),
    isManager && h('a', {class: unasked() ? 'button first' : 'button', id: 'ask', href: '/questions'}, unasked() ? t('console.ask.start') : t('console.ask.title')));
}

const unasked = () => questions.filter(one => one.state === 'open').length;

// What was found comes first. What waits for an answer is folded where there is little room:
// the questions lead through it.
const findings = ['fail', 'warn'], roomy = matchMedia('(min-width: 60rem)').matches;
let folded = new Set(roomy ? [] : ['unknown']);

function draw() {
  if (!report) return;
  hero();
  const was = [...$('#clauses').querySelectorAll('details')], open = new Set(was.filter(one => one.open).map(one => one.dataset.of));
  if (was.length) folded = new Set(was.filter(one => !one.open).map(one => one.dataset.of));
  const had = document.activeElement?.dataset?.fix;
  fill($('#clauses'), [...order.map(status => {
    const list = report.clauses.filter(clause => clause.status === status);
    if (!list.length) return null;
    const head = t('console.compliance.group.' + status, list.length), body = h('ul', {class: 'list'}, list.map(clause => row(clause)));
    if (findings.includes(status)) return h('section', {class: 'card'}, h('h2', {}, head), body);
    return h('details', {class: 'card', 'data-of': status, open: status === 'unknown' ? !folded.has(status) : open.has(status)}, h('summary', {}, head), body);
  }), ...report.overlays.map(pack => overlay(pack, open))]);
  for (const one of $('#clauses').querySelectorAll('details[data-of^="law "]')) one.open = open.has(one.dataset.of);
  if (had) $(`[data-fix="${had}"]`)?.focus();
}

// kindField offers the kinds of places under the class that follows from each.
function kindField(facts, all, off) {
  const groups = ['art7', 'art9', 'non_public'].map(c => h('optgroup', {label: t('console.site.class.' + c)}, all.filter(one => one.class === c).map(one => h('option', {value: one.id}, both(one.name)))));
  const select = h('select', {name: 'kind', disabled: off}, h('option', {value: ''}, t('console.facts.choose')), groups);
  select.value = facts.kind ?? '';
  const part = field(t('console.site.kind'), select, t('console.site.kind_hint')), hint = part.querySelector('.hint');
  const follow = () => {
    hint.textContent = all.find(one => one.id === select.value)?.secondary ? t('console.site.kind_police')
      : !select.value && facts.class ? t('console.site.kind_old', t('console.site.class.' + facts.class)) : t('console.site.kind_hint');
  };
  select.addEventListener('change', follow);
  follow();
  return part;
}

// zoneField offers the reader's own zone first; without one the days are those of the zone in force.
function zoneField(facts, off) {
  const part = field(t('console.site.time_zone'), h('input', {name: 'time_zone', list: 'time-zones', maxlength: 60, autocomplete: 'off', value: facts.time_zone ?? '', placeholder: zone, disabled: off}),
    t('console.site.time_zone_hint', zone));
  part.append(h('datalist', {id: 'time-zones'}, zones().map(name => h('option', {value: name}))));
  return part;
}

function siteForm(facts, codes, all) {
  const form = $('#site-form'), off = !isManager;
  const line = (name, hint) => field(t('console.site.' + name), h('input', {name, maxlength: 200, value: facts[name] ?? '', disabled: off}), hint && t(hint));
  const rule = line('national_rule', 'console.site.national_rule_hint'); // no law of China asks for it
  const follow = code => { rule.hidden = !facts.national_rule && /^(CN.*)?$/.test(code); };
  follow(facts.jurisdiction ?? '');
  fill(form, h('div', {class: 'fields'},
    kindField(facts, all, off), line('entitled', 'console.site.entitled_hint'), line('unit'), line('credit_code', 'console.site.credit_code_hint'), line('address'), rule,
    field(t('console.site.recognition_mode'), choices([['', t('console.facts.choose')], ...['detect_only', 'match_tokens'].map(m => [m, t('console.site.mode.' + m)])], facts.recognition_mode, {name: 'recognition_mode', disabled: off})),
    field(t('console.site.jurisdiction'), h('input', {name: 'jurisdiction', oninput: event => follow(event.target.value), list: 'jurisdictions', maxlength: 9, value: facts.jurisdiction ?? '', disabled: off}), t('console.site.jurisdiction_hint')), h('datalist', {id: 'jurisdictions'}, codes.map(one => h('option', {value: one.id}, both(one.name)))),
    zoneField(facts, off), line('contact', 'console.site.contact_hint'), line('grading', 'console.site.grading_hint')),
    h('div', {id: 'site-clocks'}), h('p', {class: 'wrong', role: 'alert'}), isManager && h('div', {class: 'row'}, h('button', {class: 'button first', id: 'site-save'}, t('console.save'))));
  siteFields = [...form.querySelectorAll('[name]')].map(one => ({id: one.name, name: form.querySelector(`label[for="${one.id}"]`)?.textContent ?? one.name, show: one.tagName === 'SELECT' ? optionWord(form, one.name) : undefined}));
  if (!off) draft(form, 'site');
  clocks().then(differ => fill($('#site-clocks'), differ)).catch(() => {}); // without an answer nothing is known of them
}

onSubmit($('#site-form'), async form => {
  // The class follows from the kind; answers are given elsewhere.
  const body = ({answers, class: before, ...rest}) => ({...rest, ...rest.kind ? {} : {class: before}});
  if (!await change({path: '/v1/site', value: {...said, ...values(form)}, base: said, tag: siteTag, theirs: () => read('/v1/site'), fields: siteFields, body})) return false;
  drop('site');
  await loadSite();
  // All times on all pages are by the site's clock: this one begins anew with another.
  if ((await api('GET', '/v1/session')).time_zone !== document.body.dataset.zone) return location.reload();
  tell(t('console.saved'));
  await judge();
});

let codes, siteKinds;
async function loadSite() {
  ({value: said, tag: siteTag} = await read('/v1/site'));
  siteForm(said, codes, siteKinds);
}

// unfold opens what the address names.
function unfold() {
  const wanted = document.getElementById(location.hash.slice(1));
  if (wanted?.reveal) return wanted.reveal();
  const within = wanted?.closest('details');
  if (within) within.open = true;
  if (location.hash) wanted?.scrollIntoView();
}
addEventListener('hashchange', unfold);

ready();

const judge = async how => { [report, questions] = await Promise.all(['/v1/compliance', '/v1/questions'].map(path => api('GET', path, undefined, {}, how))); draw(); };

async function learn() {
  const [list, facts, overview] = await Promise.all([api('GET', '/v1/cameras'), api('GET', '/v1/facts'), api('GET', '/v1/overview')]);
  const lacks = new Map(overview.cameras.map(one => [one.id, one.lacks]));
  cameras = list.map(camera => ({...camera, facts: facts[camera.id] ?? {}, lacks: lacks.get(camera.id) ?? []}));
}

try {
  let kinds, years;
  [, kinds, codes, siteKinds, {years}] = await Promise.all([learn(), api('GET', '/v1/record-kinds'), api('GET', '/v1/jurisdictions'), api('GET', '/v1/site-kinds'), api('GET', '/v1/calendar')]);
  await loadSite();
  const context = {cameras, changed: () => judge().catch(() => {})};
  fill($('#records'), kinds.map(kind => section(kind, context)));
  await judge();
  const places = await api('GET', '/v1/places');
  await violations(Object.fromEntries(places.map(place => [place.id, both(place.name)])), () => judge().catch(() => {}));
  // What is asked for elsewhere opens; so does what somebody has to do.
  $('#site').open = roomy || !['kind', 'recognition_mode', 'jurisdiction'].every(name => said[name]);
  $('#violations').open = roomy || $('#violations [data-violation]') !== null;
  $('#calendar').open = roomy || !years.some(one => one.year > new Date().getFullYear());
  unfold();
} catch (error) { fill($('#hero'), note('bad', h('h1', {}, error.message))); }

follow({
  compliance: next => { if (!report || next.seq !== report.seq) judge({quiet: true}).catch(() => {}); },
  stale: is => { if (is !== old) { old = is; draw(); } },
});
