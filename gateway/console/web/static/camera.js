import {api, follow, h, t, $, fill, state, note, busy, onSubmit, oneLine, values, field, copied, confirm, tell, when, percent, isManager, has,
  cameraTone, cameraWord, cameraAction, reasonOf, ready} from '/static/app.js';
import {places, placeOptions, purposeOptions, law} from '/static/facts.js';
import {historyBar, gaps, gapWord, measured, begin, young} from '/static/history.js';
import {ZonePanel, called} from '/static/zones.js';
import {preview} from '/static/preview.js';
import {mountingChoices} from '/static/mounting.js';
import {originalsPanel} from '/static/originals.js';
import {lockPanel} from '/static/lock.js';
import {failure, basicBox} from '/static/failure.js';
import {saw} from '/static/streams.js';
import {editPanel} from '/static/camera-edit.js';
import {walkTest} from '/static/walk.js';
import {draft, drop as dropDraft} from '/static/draft.js';
import {change, read, optionWord} from '/static/meanwhile.js';
import {removed} from '/static/undo.js';
import {waiting} from '/static/progress.js';

const id = decodeURIComponent(location.pathname.split('/')[2]);
const path = '/v1/cameras/' + encodeURIComponent(id);
const stage = $('#stage');
let camera, all = [], facts = {}, factsTag, old = false, end;

const panel = new ZonePanel({stage, form: $('#zone-form'), list: $('#zone-list'), newButton: $('#zone-new'), editable: isManager, store: {
  list: async () => {
    const [{value: here, tag}, purposes] = await Promise.all([read(path + '/zones'), api('GET', '/v1/consent-purposes')]);
    return {...here, tag, purposes: purposes.filter(one => one.id !== 'subject-access')}; // that one never counts live
  },
  put: (zone, base, tag) => change({method: 'POST', path: path + '/zones', value: zone, base, tag, body: whole => ({...whole, assumed: undefined, replace: !!base}),
    theirs: async () => { const now = await read(path + '/zones'); return {tag: now.tag, value: now.value.zones.find(one => one.id === zone.id) ?? (base ? undefined : {})}; },
    fields: zoneFields()}),
  remove: zone => api('DELETE', `${path}/zones/${encodeURIComponent(zone)}`),
  agree: zone => confirm(t('console.zone.delete_sure', called(zone)), t('console.zone.delete_about.' + zone.kind), t('console.zone.delete')),
  saved: zone => { tell(t('console.zone.saved', zone)); show(); },
  removed: (zone, answer) => {
    if (answer?.undo) removed(zone, answer, {then: () => panel.load().then(show), href: location.pathname}); else tell(t('console.zone.deleted', zone));
    show();
  },
}});

// zoneFields are what of an area two people can change at once.
const zoneFields = () => [{id: 'name', name: t('console.zone.name')}, {id: 'kind', name: t('console.zone.kind'), show: kind => t('console.zone.kind.' + kind)},
  {id: 'points', name: t('console.zone.shape'), show: points => t('console.zone.shape_of', points.length, ...['x', 'y'].map(axis => Math.round(points.reduce((sum, point) => sum + point[axis], 0) / points.length * 100)))},
  {id: 'purposes', name: t('console.zone.purposes'), show: list => list.map(id => panel.purposeWord(id)).join(', ')}];

let said = '';
function show() {
  if (!camera) return;
  const reason = reasonOf(camera), bad = camera.protection !== 'protected';
  const why = !old && bad && has('slate.reason.' + reason) ? t('slate.reason.' + reason) : '';
  const action = cameraAction(camera, {facts, zones: panel.zones()});
  const now = [camera.name, cameraWord(camera, old), why, camera.since, camera.mask_level, action?.text].join();
  if (now === said) return technical();
  said = now;
  $('#name').textContent = camera.name;
  document.title = camera.name + ' · Bauta';
  const pill = state(cameraTone(camera, old), cameraWord(camera, old));
  fill($('#state'), h('div', {class: 'row'}, pill, h('span', {class: 'soft small'}, why && why + ' · ', t('console.since', when(camera.since)))));
  fill($('#next'), camera.mask_level ? level() : null,
    action && !action.href.endsWith('#next') ? note(action.urgent ? 'warn' : 'idle', h('strong', {}, t('console.next.title') + ' '), h('a', {href: action.href.replace(/^[^#]*/, '')}, action.text)) : null);
  if (camera.source.width) stage.style.aspectRatio = `${camera.source.width} / ${camera.source.height}`;
  technical();
}

// level tells what a command hides, and takes it back.
function level() {
  const button = isManager && h('button', {class: 'button', type: 'button', id: 'level', onclick: async () => {
    if (!await confirm(t('console.level.sure'), t('console.level.about'), t('console.level.do'))) return;
    try { await api('DELETE', path + '/level'); tell(t('console.saved')); }
    catch (error) { tell(error.message, 'bad'); }
  }}, t('console.level.do'));
  return note('idle', h('div', {class: 'row apart'}, h('span', {}, t('console.level.about')), button));
}

function technical() {
  const rows = [
    ['console.tech.address', camera.url],
    ['console.tech.picture', camera.source.width ? `${camera.source.width} x ${camera.source.height}, ${camera.source.codec}` : t('console.unknown')],
    ['console.tech.rate', t('console.tech.rate_value', camera.metrics.fps.toFixed(1), Math.round(camera.metrics.latency_ms))],
    ['console.tech.faces', t('console.tech.faces_value', camera.metrics.faces, camera.metrics.masked, camera.metrics.shown)],
    ['console.tech.mask', `${t('cli.mask.' + camera.mask)}, ${t('cli.cover.' + camera.cover)}`],
    ['console.tech.mounting', t('cli.mounting.' + camera.mounting)],
    ['console.tech.viewers', camera.viewers],
  ];
  if (camera.fingerprint) rows.push(['console.tech.pinned', camera.fingerprint]);
  if (camera.basic_login) rows.push(['console.tech.login', t('console.tech.basic')]);
  if (camera.metrics.step && camera.metrics.step !== 'normal') rows.push(['console.tech.load', t('cli.step.' + camera.metrics.step)]);
  fill($('#tech'), h('dl', {class: 'facts'}, rows.flatMap(([key, value]) => [h('dt', {}, t(key)), h('dd', {}, value)])));
}

async function history(how) {
  const past = await api('GET', path + '/history?hours=24', undefined, {}, how);
  const list = gaps(past).reverse();
  fill($('#history'), h('p', {}, measured(past) ? [h('span', {class: 'count'}, percent(past.protected_share)), ' ', h('span', {class: 'soft'}, young(past) ? t('console.history.share_since', when(begin(past))) : t('console.history.share'))] : t('console.overview.unmeasured')), historyBar(past, true),
    h('div', {class: 'row apart soft small'}, h('span', {}, when(begin(past))), h('span', {}, t('console.history.now'))),
    list.length ? h('details', {}, h('summary', {}, t('console.history.gaps', list.length)), h('ul', {class: 'list small'}, list.map(gap => h('li', {}, gapWord(gap)))))
      : h('p', {class: 'soft small'}, t('console.history.none')));
}

async function watch() {
  const viewer = await api('GET', '/v1/viewer');
  const mine = viewer.urls.find(url => new URL(url.replace(/^rtsps?/, 'http')).pathname === '/' + id);
  const address = mine?.replace(/127\.0\.0\.1|localhost/, location.hostname);
  fill($('#watch'), address && copied(address), viewer.anonymous ? note('warn', t('console.watch.anonymous')) : viewer.off ? h('p', {}, t('console.watch.off') + ' ', h('a', {href: '/settings#streams-head'}, t('console.streams.title'))) : h('p', {class: 'soft small'}, t('console.watch.login')));
}

function factsForm() {
  const form = $('#facts-form');
  const text = (name, attributes = {}) => h('input', {name, value: facts[name] ?? '', maxlength: 300, disabled: !isManager, ...attributes});
  const place = h('select', {name: 'place', disabled: !isManager}), purpose = h('select', {name: 'purpose', disabled: !isManager});
  placeOptions(place, facts.place);
  purposeOptions(purpose, facts.purpose);
  const said = h('div', {'aria-live': 'polite'}, law(facts.place));
  place.addEventListener('change', () => fill(said, law(place.value)));
  // What earlier versions asked of doors; now each is a face device on record.
  const door = facts.access_control ? [h('label', {class: 'choice plain'}, h('input', {type: 'checkbox', name: 'access_control', checked: true, disabled: !isManager}), h('span', {}, t('console.facts.access'))),
    h('p', {class: 'hint'}, t('console.facts.access_hint')), field(t('console.facts.alternative'), text('alternative'), t('console.facts.alternative_hint'))] : [];
  const extras = ['audio', 'analytics', 'ptz', 'zoom'].map(extra => h('label', {class: 'choice'}, h('input', {type: 'checkbox', name: 'extra', value: extra, checked: (facts.extras ?? []).includes(extra), disabled: !isManager}), h('span', {}, t('console.facts.extra.' + extra))));
  fill(form, h('div', {class: 'fields'}, field(t('console.facts.place'), place), field(t('console.facts.purpose'), purpose)), said,
    field(t('console.facts.necessity'), h('textarea', {name: 'necessity', maxlength: 300, value: facts.necessity ?? '', disabled: !isManager}), t('console.facts.necessity_hint')),
    door,
    h('details', {open: location.hash === '#facts'}, h('summary', {}, t('console.facts.device')),
      h('div', {class: 'stack'}, h('div', {class: 'fields'}, field(t('console.facts.model'), text('model')), field(t('console.facts.firmware'), text('firmware')), field(t('console.facts.certificate'), text('certificate')),
        field(t('console.facts.commissioned'), text('commissioned', {type: 'date'}))),
      h('fieldset', {}, h('legend', {}, t('console.facts.extras')), h('div', {class: 'choices'}, extras)), field(t('console.facts.extras_reason'), text('extras_reason')))),
    h('p', {class: 'wrong', role: 'alert'}), isManager && h('div', {class: 'row'}, h('button', {class: 'button first', id: 'facts-save'}, t('console.save'))));
  if (isManager) draft(form, 'facts');
}

// factFields are what of the facts two people can change at once.
const factFields = () => [...['place', 'purpose'].map(id => ({id, name: t('console.facts.' + id), show: optionWord($('#facts-form'), id)})),
  ...['necessity', 'alternative', 'model', 'firmware', 'certificate', 'commissioned', 'extras_reason'].map(id => ({id, name: t('console.facts.' + id)})),
  {id: 'access_control', name: t('console.facts.access'), show: yes => t(yes ? 'answer.yes' : 'answer.no')},
  {id: 'extras', name: t('console.facts.extras'), show: list => list.map(one => t('console.facts.extra.' + one)).join(', ')}];
async function loadFacts() {
  ({value: facts, tag: factsTag} = await read(path + '/facts'));
}

// setting changes one word of the camera; where somebody else did meanwhile that is said, and the
// form shows it.
async function setting(name, word, was) {
  try { await api('PUT', `${path}/${name}`, {[name]: word}, {'If-Match': `"${was}"`}); }
  catch (error) {
    if (error.status === 412) {
      camera = (await api('GET', '/v1/status')).cameras.find(one => one.id === id) ?? camera;
      covered = mounted = undefined;
      coverForm();
      mountingForm();
    }
    throw error;
  }
}

// coverForm says what is masked; it follows what others change.
let covered;
function coverForm() {
  if (camera.cover === covered) return;
  covered = camera.cover;
  fill($('#cover-form'), h('fieldset', {'aria-labelledby': 'cover-head'}, h('div', {class: 'choices'}, ['faces', 'moving'].map(cover => h('label', {class: 'choice'},
    h('input', {type: 'radio', name: 'cover', value: cover, checked: cover === covered, disabled: !isManager}),
    h('span', {}, h('strong', {}, t('console.cover.' + cover)), h('span', {class: 'small soft'}, t(`console.cover.${cover}_about`))))))),
  h('p', {class: 'wrong', role: 'alert'}), isManager && h('div', {class: 'row'}, h('button', {class: 'button', id: 'cover-save'}, t('console.save'))));
}

onSubmit($('#cover-form'), async form => {
  const {cover} = values(form);
  if (cover === covered) return;
  if (cover === 'faces' && !await confirm(t('console.cover.sure'), t('console.cover.sure_about'), t('console.save'))) {
    covered = undefined; // the form shows what is in force
    return coverForm();
  }
  await setting('cover', cover, covered);
  tell(t('console.saved'));
});

// mountingForm says which way is up. It follows what others change, and comes anew with the
// first picture.
let mounted, pictured;
function mountingForm() {
  const shows = ['protected', 'over_masked'].includes(camera.protection), first = !mounted || shows && !pictured;
  if (!first && camera.mounting === mounted) return;
  mounted = camera.mounting;
  if (!first) {
    $('#mounting-form').mounting.value = mounted;
    return;
  }
  pictured = shows;
  fill($('#mounting-form'), mountingChoices(id, mounted, isManager),
    h('p', {class: 'wrong', role: 'alert'}), isManager && h('div', {class: 'row'}, h('button', {class: 'button', id: 'mounting-save'}, t('console.save'))));
}

onSubmit($('#mounting-form'), async form => {
  await setting('mounting', values(form).mounting, mounted);
  tell(t('console.saved'));
});

onSubmit($('#facts-form'), async form => {
  const {extra, ...said} = values(form); // of the extras one would stand for all
  const next = {alternative: facts.alternative, ...said, necessity: oneLine(said.necessity), access_control: !!form.elements.access_control?.checked, extras: [...form.querySelectorAll('[name=extra]:checked')].map(box => box.value)};
  if (places.find(place => place.id === next.place)?.prohibited && !await confirm(t('console.law.prohibited'), t('console.facts.prohibited_sure'), t('console.facts.prohibited_do'))) return false;
  if (!await change({path: path + '/facts', value: next, base: facts, tag: factsTag, theirs: () => read(path + '/facts'), fields: factFields()})) return false;
  dropDraft('facts');
  await loadFacts();
  factsForm();
  tell(t('console.saved'));
  show();
});

$('#retest').addEventListener('click', event => busy(event.currentTarget, async () => {
  const box = $('#retested');
  try {
    const probe = await waiting(box, t('console.progress.test'), () => api('POST', path + '/test', {}), {most: 60});
    fill(box, note('good', t('console.new.works'), ' ', saw(probe)));
  } catch (error) { fill(box, failure(error, {basic: allowBasic, pin: pinNext})); }
}));

const trust = async said => {
  try { await api('PUT', path + '/trust', said); fill($('#retested'), note('good', t('console.saved'))); }
  catch (error) { tell(error.message, 'bad'); }
};

// allowBasic and pinNext are what only a person can decide.
function allowBasic() {
  const allow = basicBox(), save = h('button', {class: 'button', type: 'button', id: 'basic-save', onclick: () => {
    if (allow.querySelector('input').checked) busy(save, () => trust({basic_login: true}));
  }}, t('console.save'));
  return h('div', {class: 'stack tight'}, allow, h('div', {class: 'row'}, save));
}

function pinNext() {
  return h('div', {class: 'row'}, h('button', {class: 'button', type: 'button', id: 'pin-next', onclick: async () => {
    if (await confirm(t('console.pin.sure'), t('console.pin.about'), t('console.pin.next'))) trust({fingerprint: ''});
  }}, t('console.pin.next')));
}

$('#remove').addEventListener('click', async () => {
  if (!await confirm(t('console.camera.remove_sure', camera?.name ?? id), t('console.camera.remove_about'), t('console.camera.remove'))) return;
  try {
    const answer = await api('DELETE', path);
    removed(camera?.name ?? id, answer, {href: location.pathname});
    location.assign('/');
  }
  catch (error) { tell(error.message, 'bad'); }
});

if (isManager) editPanel(id, () => all, () => { said = ''; history().catch(() => {}); });

follow({
  status: status => {
    all = status.cameras;
    camera = all.find(one => one.id === id);
    $('#main').classList.toggle('gone', !camera);
    if (!camera) return fill($('#state'), note('warn', t('console.camera.gone'), ' ', h('a', {href: '/'}, t('console.nav.overview'))));
    end ??= preview(stage, id, camera.name);
    coverForm();
    mountingForm();
    show();
  },
  stale: is => { if (is !== old) { old = is; show(); } },
});
const failed = error => tell(error.message, 'bad');
panel.load().then(show).catch(failed);
loadFacts().then(() => { factsForm(); show(); if (location.hash) document.querySelector(location.hash)?.scrollIntoView(); }).catch(failed);
history().catch(failed);
setInterval(() => { if (!document.hidden) history({quiet: true}).catch(() => {}); }, 30000);
walkTest(id, path);
if (isManager) {
  watch().catch(failed);
  originalsPanel(id, path, () => camera?.protection === 'blocked').catch(failed);
  lockPanel(id, path).catch(failed);
}
ready();
