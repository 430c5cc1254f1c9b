import {draft} from '/static/draft.js';
import {api, h, t, both, $, fill, icon, state, note, onSubmit, values, field, choices, confirm, tell, day, today, dateOf, isManager, ready} from '/static/app.js';
import {called} from '/static/zones.js';

const tones = {valid: 'good', future: 'idle', expired: 'idle', revoked: 'bad', untrusted: 'warn'};
const soon = 30 * 86400e3;
let all = [], cameras = [], zones = [], purposes = [];

const purposeWord = id => both(purposes.find(one => one.id === id)?.name) || id;

async function load() {
  all = [];
  for (let after = ''; ;) {
    const page = await api('GET', '/v1/consents?all=1&after=' + encodeURIComponent(after));
    all.push(...page.consents);
    if (!page.more) break;
    after = page.consents.at(-1).jti;
  }
  draw();
}

function draw() {
  const q = $('#q').value.trim().toLowerCase();
  const ended = consent => consent.state === 'revoked' || consent.state === 'expired';
  const shown = all.filter(c => ($('#all').checked || !ended(c)) && (!q || String(c.badge) === q || c.sub.toLowerCase().includes(q) || [...c.zones, ...c.zone_names].join().toLowerCase().includes(q)))
    .sort((a, b) => ended(a) - ended(b) || new Date(a.exp) - new Date(b.exp));
  fill($('#list'), shown.length ? h('table', {}, h('thead', {}, h('tr', {}, ['badge', 'subject', 'zones', 'until', 'state', 'act'].map(key => h('th', {scope: 'col'}, key === 'act' ? h('span', {class: 'unseen'}, t('console.consent.head.act')) : t('console.consent.head.' + key))))), h('tbody', {}, shown.map(row)))
    : note('idle', !all.length ? t('console.consent.none') : q || $('#all').checked ? t('console.consent.no_match') : [t('console.consent.all_ended', all.length), ' ', h('button', {class: 'button', type: 'button', id: 'show-ended', onclick: () => { $('#all').checked = true; draw(); $('#all').focus(); }}, t('console.consent.show_ended'))]));
  ending();
}

const live = c => c.state === 'valid' || c.state === 'future';

function row(c) {
  const cell = (key, ...content) => h('td', {'data-label': t('console.consent.head.' + key)}, ...content);
  const zonesWord = c.zones.includes('*') ? t('console.consent.every_zone') : c.zone_names.join(', ');
  return h('tr', {'data-token': c.jti}, cell('badge', h('strong', {}, c.badge || '-')), cell('subject', h('span', {class: 'mono'}, c.sub), c.age === 'minor14' ? h('div', {class: 'soft small'}, t('console.consent.minor_short')) : null),
    cell('zones', zonesWord, h('div', {class: 'soft small'}, purposeWord(c.purpose))), cell('until', day(c.exp)),
    cell('state', state(tones[c.state] ?? 'idle', t('consent.state.' + c.state)), c.reason ? h('div', {class: 'soft small', 'data-reason': c.reason}, t('consent.reason.' + c.reason)) : null),
    h('td', {}, h('div', {class: 'row'}, live(c) && prints(c.jti), live(c) && isManager && h('button', {class: 'button danger', type: 'button', 'data-revoke': c.jti, onclick: () => revoke(c)}, t('console.consent.revoke')))));
}

const prints = id => ['badge', 'sheet'].map(what => h('a', {class: 'button', href: `/api/v1/consents/${encodeURIComponent(id)}/${what}.pdf`, target: '_blank', rel: 'noopener'}, icon('print'), t('console.consent.print_' + what)));

async function revoke(c) {
  if (!await confirm(t('console.consent.revoke_sure', c.badge), t('console.consent.revoke_about'), t('console.consent.revoke'))) return;
  try {
    await api('POST', '/v1/consents/revoke', {token: c.jti});
    tell(t('console.consent.revoked', c.badge));
    await load();
  } catch (error) { tell(error.message, 'bad'); }
}

// followed: another consent of the same person goes on where this one ends.
const followed = old => all.some(c => c.iss === old.iss && c.sub === old.sub && live(c) && new Date(c.exp) > new Date(old.exp));

function ending() {
  const list = all.filter(c => c.state === 'valid' && !followed(c) && new Date(c.exp) - Date.now() < soon).sort((a, b) => new Date(a.exp) - new Date(b.exp));
  fill($('#ending'), list.length ? h('div', {class: 'card'}, h('h2', {}, t('console.consent.ending')), h('p', {class: 'soft'}, t('console.consent.ending_about')),
    h('ul', {class: 'list'}, list.map(c => h('li', {class: 'row apart'}, h('span', {}, t('console.consent.ending_one', c.badge, day(c.exp))),
      isManager && h('button', {class: 'button', type: 'button', onclick: () => open(c)}, t('console.consent.renew')))))) : null);
}

// freeBadge is one that nobody wore, else the one that rests longest: after each
// wearer a badge rests for a while.
const freeBadge = () => {
  const ends = new Map(), at = time => +new Date(time);
  for (const c of all) ends.set(c.badge, Math.max(ends.get(c.badge) ?? 0, Math.min(at(c.exp), at(c.revoked ?? c.exp))));
  let best = '', since = Date.now();
  for (let i = 1; i < 250; i++) {
    const end = ends.get(i) ?? 0;
    if (end < since) [best, since] = [i, end];
  }
  return best;
};

// statement is what the person agrees to: it follows the form until somebody
// writes their own.
const statement = form => t('console.consent.statement', purposeWord(form.purpose.value),
  [...form.querySelectorAll('[name=zone]:checked')].map(box => box.nextElementSibling.textContent).join(', ') || '…', day(form.until.value || today(365)));

// open shows the form; with an old consent it is renewed. The same person goes on
// with the badge where the consent was issued here: to others a pseudonym of
// another issuer is somebody else.
function open(old) {
  const same = old?.iss === 'console';
  const button = $('#new');
  $('#issue').hidden = false;
  button.setAttribute('aria-expanded', 'true');
  if (!zones.length) {
    const first = cameras[0];
    return fill($('#issue-form'), note('warn', t('console.consent.no_zone'), ' ', h('a', {href: first ? `/cameras/${encodeURIComponent(first.id)}#zones-head` : '/cameras/new'}, t('console.consent.no_zone_do'))));
  }
  const minor = h('input', {type: 'radio', name: 'age', value: 'minor14', checked: old?.age === 'minor14'});
  const adult = h('input', {type: 'radio', name: 'age', value: 'adult', checked: old?.age !== 'minor14'});
  const guardian = field(t('console.consent.guardian'), h('input', {name: 'guardian', maxlength: 64, pattern: '[A-Za-z0-9._\\-]+', autocomplete: 'off', value: old?.guardian ?? ''}), t('console.consent.guardian_hint'));
  // A copy of film is the command line's: its token never counts live.
  const forLive = purposes.filter(one => one.id !== 'subject-access');
  const first = forLive.find(one => one.id === old?.purpose)?.id ?? forLive.find(one => zones.some(zone => zone.purposes.has(one.id)))?.id ?? forLive[0]?.id;
  const said = h('textarea', {name: 'statement', rows: 7, required: true, maxlength: 4000});
  const form = h('form', {id: 'issue-fields'},
    h('div', {class: 'fields'},
      field(t('console.consent.badge'), h('input', {name: 'badge', type: 'number', min: 1, max: 249, required: true, value: same ? old.badge : freeBadge()}), t('console.consent.badge_hint')),
      field(t('console.consent.purpose'), choices(forLive.map(one => [one.id, both(one.name)]), first, {name: 'purpose'}), t('console.consent.purpose_hint')),
      field(t('console.consent.until'), h('input', {name: 'until', type: 'date', required: true, min: old ? dateOf(old.exp, 1) : today(1), max: today(399), value: today(365)}), t('console.consent.until_hint'))),
    h('fieldset', {}, h('legend', {}, t('console.consent.zones')), h('div', {class: 'choices'}, zones.map(zone => h('label', {class: 'choice'}, h('input', {type: 'checkbox', name: 'zone', value: zone.id, checked: old ? old.zones.includes(zone.id) : zones.length === 1}), h('span', {}, t('console.consent.area', zone.name, zone.cameras.join(', '))), h('span', {class: 'small wrong', 'data-other': zone.id}))))),
    h('fieldset', {}, h('legend', {}, t('console.consent.age')), h('div', {class: 'choices'}, h('label', {class: 'choice'}, adult, h('span', {}, t('console.consent.adult'))), h('label', {class: 'choice'}, minor, h('span', {}, t('console.consent.minor'))))),
    guardian,
    h('fieldset', {}, h('legend', {}, t('console.consent.basis')), h('div', {class: 'choices'}, ['separate', 'written'].map(basis => h('label', {class: 'choice'}, h('input', {type: 'radio', name: 'basis', value: basis, checked: basis === (old?.basis ?? 'separate')}), h('span', {}, t('console.consent.basis_' + basis)))))),
    field(t('console.consent.statement_label'), said, t('console.consent.statement_hint')),
    h('label', {class: 'choice'}, h('input', {type: 'checkbox', name: 'agreed', required: true}), h('span', {}, t('console.consent.agreed'))),
    h('p', {class: 'wrong', role: 'alert'}),
    h('div', {class: 'row'}, h('button', {class: 'button first', id: 'issue-do'}, t('console.consent.issue')), h('button', {class: 'button', type: 'button', onclick: () => { shut(); button.focus(); }}, t('console.cancel'))));
  let own = false;
  said.addEventListener('input', () => { own = true; });
  const follow = () => {
    guardian.hidden = !minor.checked;
    form.guardian.required = minor.checked;
    for (const zone of zones) form.querySelector(`[data-other="${zone.id}"]`).textContent = zone.purposes.has(form.purpose.value) ? '' : t('console.consent.zone_other');
    if (!own) said.value = statement(form);
  };
  form.addEventListener('change', follow);
  onSubmit(form, () => issue(form, same && {subject: old.sub, not_before: old.exp}));
  fill($('#issue-form'), form);
  follow();
  if (!old) draft(form, 'consent');
  form.badge.focus();
}

function shut() {
  $('#issue').hidden = true;
  $('#new').setAttribute('aria-expanded', 'false');
  fill($('#issue-form'));
}

async function issue(form, renewal) {
  const said = values(form);
  const chosen = [...form.querySelectorAll('[name=zone]:checked')].map(box => box.value);
  if (!chosen.length) throw new Error(t('console.consent.need_zone'));
  const body = {badge: Number(said.badge), zones: chosen, purpose: said.purpose, basis: said.basis, age: said.age, statement: said.statement, until: said.until, ...renewal};
  if (said.age === 'minor14') body.guardian = said.guardian.trim();
  const {consent} = await api('POST', '/v1/consents/issue', body);
  shut();
  fill($('#issued'), h('div', {class: 'hero', 'data-tone': 'good', id: 'ready'}, icon('badge'), h('div', {}, h('h2', {}, t('console.consent.issued', said.badge)), h('p', {}, t('console.consent.issued_about', consent.sub)), consent.reason && note('warn', t('consent.reason.' + consent.reason))), h('div', {class: 'row'}, prints(consent.jti), keep(consent.jti, body.statement))));
  $('#issued').focus();
  await load();
}

// keep offers the very text that the person agreed to: the gateway has its
// fingerprint only, and this file alone proves what it was.
const keep = (id, statement) => h('a', {class: 'button', id: 'statement', href: URL.createObjectURL(new Blob([statement], {type: 'text/plain'})), download: `consent-${id}.txt`}, icon('seal'), t('console.consent.statement_keep'));

$('#new').addEventListener('click', () => $('#issue').hidden ? open() : shut());
$('#q').addEventListener('input', draw);
$('#all').addEventListener('change', draw);
$('#search').addEventListener('submit', event => event.preventDefault());
ready();

try {
  [cameras, purposes] = await Promise.all([api('GET', '/v1/cameras'), api('GET', '/v1/consent-purposes')]);
  for (const camera of cameras) {
    const here = await api('GET', `/v1/cameras/${encodeURIComponent(camera.id)}/zones`);
    for (const zone of here.zones.filter(zone => zone.kind === 'consent')) {
      let known = zones.find(one => one.id === zone.id);
      if (!known) zones.push(known = {id: zone.id, name: called(zone), cameras: [], purposes: new Set()});
      known.cameras.push(camera.name);
      zone.purposes?.forEach(purpose => known.purposes.add(purpose));
    }
  }
  $('#new').disabled = false; // the areas are known
  await load();
} catch (error) { fill($('#list'), note('idle', error.message)); }
if (location.hash === '#new') open();
