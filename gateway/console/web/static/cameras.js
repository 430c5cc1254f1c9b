import {api, h, t, both, $, fill, note, busy, onSubmit, oneLine, field, choices, confirm, tell, isManager, state, cameraTone, cameraWord, has, ready} from '/static/app.js';
import {places, purposes} from '/static/facts.js';
import {lacking} from '/static/lacking.js';
import {groupsOf} from '/static/streams.js';
import {byGroup, byName} from '/static/find.js';

const lacks = new URLSearchParams(location.search).get('lacks') ?? '';
const nameOf = (list, id) => both(list.find(one => one.id === id)?.name);
let cameras = [], facts = {}, chosen = new Set();

async function learn() {
  [cameras, facts] = await Promise.all([api('GET', '/v1/cameras'), api('GET', '/v1/facts')]);
  if (lacks === 'capture') {
    const overview = await api('GET', '/v1/overview');
    for (const one of cameras) one.captures = !overview.cameras.find(it => it.id === one.id)?.lacks.includes('capture');
  }
  cameras.sort((a, b) => byGroup(a.group ?? '', b.group ?? '') || byName(a, b));
  chosen = new Set([...chosen].filter(id => cameras.some(one => one.id === id)));
}

const lacksIt = one => lacks === 'capture' ? !one.captures : lacking[lacks] ? lacking[lacks](facts[one.id] ?? {}) : true;
const words = one => [one.name, one.group, one.id, nameOf(places, facts[one.id]?.place), nameOf(purposes, facts[one.id]?.purpose)].filter(Boolean);
const shown = () => {
  const wanted = $('#find').value.trim().toLowerCase();
  return cameras.filter(one => lacksIt(one) && words(one).join(' ').toLowerCase().includes(wanted));
};

function draw() {
  const list = shown(), part = {capture: '#zones-head'}[lacks] ?? (lacking[lacks] ? '#facts' : '');
  if (lacking[lacks] || lacks === 'capture') {
    const what = has('console.fix.' + lacks) ? t('console.fix.' + lacks) : lacks;
    fill($('#lacks'), note(cameras.some(lacksIt) ? 'warn' : 'good', cameras.some(lacksIt) ? t('console.cameras.lacking', what) : t('console.cameras.lacks_none'), ' ', h('a', {href: '/cameras'}, t('console.cameras.all'))));
  }
  fill($('#list'), list.map(one => row(one, part)));
  if (!cameras.length) fill($('#list'), h('li', {}, t('console.cameras.none')));
  count();
}

function row(one, part) {
  const said = facts[one.id] ?? {}, label = `camera-${one.id}`;
  const box = isManager && h('input', {type: 'checkbox', value: one.id, checked: chosen.has(one.id), 'aria-labelledby': label, onchange: event => { event.target.checked ? chosen.add(one.id) : chosen.delete(one.id); count(); }});
  return h('li', {class: 'pick'}, box && h('label', {class: 'tick'}, box), h('div', {}, h('a', {href: '/cameras/' + encodeURIComponent(one.id) + part, id: label}, one.name),
    h('div', {class: 'soft small'}, [one.group, nameOf(places, said.place) || t('console.cameras.unplaced'), nameOf(purposes, said.purpose), t('cli.mask.' + one.mask), t('cli.cover.' + one.cover)].filter(Boolean).join(' · ')),
    state(cameraTone(one), cameraWord(one))));
}

function count() {
  const list = shown();
  $('#all').checked = list.length > 0 && list.every(one => chosen.has(one.id));
  $('#chosen').textContent = t('console.cameras.chosen', chosen.size);
}

$('#find').addEventListener('input', draw);
$('#all').addEventListener('change', event => {
  for (const one of shown()) event.target.checked ? chosen.add(one.id) : chosen.delete(one.id);
  draw();
});

// The form for several: each field has a tick, which what is typed or copied sets.
const asked = [];
function ask(name, label, control, of = 'facts') {
  const tick = h('input', {type: 'checkbox', 'aria-label': label, onchange: () => { control.required = tick.checked && name !== 'group' && control.tagName === 'SELECT' && name !== 'mask'; }});
  control.addEventListener('input', () => { tick.checked = true; });
  asked.push({name, label, control, tick, of});
  return h('div', {class: 'pick'}, h('label', {class: 'tick'}, tick), field(label, control));
}

function manyForm() {
  const form = $('#many'), line = (attributes = {}) => h('input', {maxlength: 300, autocomplete: 'off', ...attributes}), pick = list => choices([['', t('console.facts.choose')], ...list], '');
  const from = choices([['', t('console.cameras.copy_none')], ...cameras.map(one => [one.id, one.name])], '');
  const groups = h('datalist', {id: 'many-groups'});
  groupsOf(groups, cameras);
  from.addEventListener('change', () => copy(facts[from.value] ?? {}));
  asked.length = 0;
  fill(form, field(t('console.cameras.copy'), from), groups,
    ask('group', t('console.edit.group'), line({maxlength: 30, list: 'many-groups'}), 'change'),
    ask('mask', t('console.new.mask'), choices([['', t('console.new.mask_default')], ...['blur', 'mosaic', 'solid'].map(mask => [mask, t('cli.mask.' + mask)])], ''), 'change'),
    ask('cover', t('console.cover.title'), pick(['faces', 'moving'].map(cover => [cover, t('console.cover.' + cover)])), 'change'),
    ask('place', t('console.facts.place'), pick(places.filter(place => !place.prohibited).map(place => [place.id, both(place.name)]))),
    ask('purpose', t('console.facts.purpose'), pick(purposes.map(purpose => [purpose.id, both(purpose.name)]))),
    ask('necessity', t('console.facts.necessity'), h('textarea', {class: 'short', maxlength: 300})),
    ask('model', t('console.facts.model'), line()), ask('firmware', t('console.facts.firmware'), line()), ask('certificate', t('console.facts.certificate'), line()),
    ask('commissioned', t('console.facts.commissioned'), line({type: 'date'})),
    h('p', {class: 'wrong', role: 'alert'}), h('div', {class: 'row'}, h('button', {class: 'button first', id: 'many-do'}, t('console.cameras.apply'))));
}

// copy fills the facts of another camera in, and ticks those that it has.
function copy(said) {
  for (const one of asked.filter(one => one.of === 'facts')) {
    one.control.value = said[one.name] ?? '';
    one.tick.checked = Boolean(one.control.value);
  }
}

if (isManager) onSubmit($('#many'), async () => {
  const ticked = asked.filter(one => one.tick.checked), body = {cameras: [...chosen], change: {}, facts: {}};
  if (!ticked.length || !chosen.size) throw new Error(t('console.cameras.nothing'));
  for (const one of ticked) body[one.of][one.name] = oneLine(one.control.value);
  if (!await confirm(t('console.cameras.sure', chosen.size), t('console.cameras.sure_about', ticked.map(one => one.label).join(' · ')), t('console.cameras.apply'))) return;
  const done = await api('POST', '/v1/cameras/many', body);
  await learn();
  draw();
  tell(t('console.cameras.imported'));
  fill($('#many-done'), outcome(done));
});

// outcome tells what became, or would become, of each camera; the refused ones first.
function outcome({rows}) {
  const of = name => rows.filter(one => one.state === name), counts = ['new', 'changed', 'unchanged', 'refused'].map(name => of(name).length);
  const line = one => h('li', {'data-state': one.state}, h('strong', {}, [one.row && t('console.cameras.row_of', one.row), one.name || one.id].filter(Boolean).join(' · ')), ' ', t('console.cameras.state.' + one.state),
    h('div', {class: 'small'}, one.state === 'refused' ? [one.column, one.message].filter(Boolean).join(': ') : (one.columns ?? []).join(' · ')));
  return [note(counts[3] ? 'warn' : 'good', t('console.cameras.counts', ...counts)), h('ul', {class: 'list small'}, [...of('refused'), ...of('new'), ...of('changed')].map(line))];
}

const send = apply => api('POST', '/v1/cameras.csv' + (apply ? '?apply=true' : ''), $('#file').files[0], {'Content-Type': 'text/csv'});

$('#file').addEventListener('change', () => { $('#import-do').hidden = true; fill($('#import-done')); });
onSubmit($('#import'), async () => {
  const planned = await send(false);
  fill($('#import-done'), outcome(planned));
  $('#import-do').hidden = !planned.rows.some(one => ['new', 'changed'].includes(one.state));
});
$('#import-do').addEventListener('click', event => busy(event.currentTarget, async () => {
  try {
    const done = await send(true);
    await learn();
    draw();
    manyForm();
    fill($('#import-done'), note('good', t('console.cameras.imported')), outcome(done));
    $('#import-do').hidden = true;
  } catch (error) { $('#import .wrong').textContent = error.message; }
}));

try {
  await learn();
  draw();
  if (isManager) manyForm();
} catch (error) { fill($('#list'), h('li', {}, error.message)); }
ready();
