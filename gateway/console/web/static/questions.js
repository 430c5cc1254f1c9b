import {api, h, t, both, $, fill, icon, note, state, onSubmit, tell, isManager, ready} from '/static/app.js';
import {control, labelled, form, siteToday} from '/static/forms.js';
import {draft, drop} from '/static/draft.js';
import {who} from '/static/meanwhile.js';

// The guided questions: one at a time, the next open one first. What each asks for comes from
// the API, and an answer is kept at once.
let all = [], cameras = [], today;
const skipped = new Set();

const load = async () => { all = await api('GET', '/v1/questions'); };
const open = () => all.filter(one => one.state === 'open');
// after is the next open question behind one; those that were skipped come last of all.
function after(id) {
  const at = all.findIndex(one => one.id === id), order = [...all.slice(at + 1), ...all.slice(0, at + 1)];
  return order.find(one => one.state === 'open' && !skipped.has(one.id));
}

const tones = {open: 'warn', answered: 'idle', spared: 'idle'};
const why = one => h('details', {class: 'small'}, h('summary', {}, t('console.ask.why')), h('ul', {class: 'list'}, one.duties.map(duty => h('li', {'data-duty': duty.id}, h('div', {}, both(duty.duty)), h('div', {class: 'soft'}, both(duty.citation), one.open.includes(duty.id) ? ' · ' + t('console.ask.duty_open') : '')))));

// part is a piece of the form: its elements, and what it adds to the answer.
const sitePart = one => {
  if (!one.site) return null;
  const asked = form(one.site, {cameras, today, old: true});
  return {elements: asked.elements, add: async said => { said.site = await asked.read(); }};
};

function answerPart(one, changed) {
  if (!one.answer) return null;
  const radios = h('div', {class: 'answers'}, ['yes', 'no'].map(word => h('label', {class: 'choice'}, h('input', {type: 'radio', name: 'says', value: word, required: true, checked: one.answer.says === word, onchange: changed}), h('span', {}, t('answer.' + word)))));
  const more = form(one.answer.more ?? [], {cameras, today, old: true}), box = h('div', {}, more.elements);
  // A no that wants nothing more is one press.
  const bare = isManager && !one.records?.some(record => record.when !== 'yes') && !one.columns && !one.site;
  const no = bare && h('div', {class: 'row'}, h('button', {class: 'button', type: 'button', id: 'save-no', onclick: event => { radios.querySelector('[value=no]').checked = true; changed(); event.target.form.requestSubmit($('#save')); }}, t('console.ask.no_next')));
  return {elements: [h('fieldset', {}, h('legend', {class: one.answer.id ? null : 'unseen'}, both(one.answer.question)), radios), no, box], says: () => radios.querySelector(':checked')?.value ?? '',
    show: word => {
      for (const [id, it] of Object.entries(more.controls)) it.element.closest('.field').hidden = word !== 'yes' && id !== 'note';
      box.hidden = !one.answer.more || !word;
      if (no) no.hidden = !!word;
    },
    add: async said => { said.answer = {...await more.read(), says: radios.querySelector(':checked').value}; if (said.answer.says === 'no') { delete said.answer.count; delete said.answer.day; } }};
}

// cameraPart asks the same of all cameras: once for all, and by camera where they differ.
function cameraPart(one) {
  if (!one.columns) return null;
  if (!one.cameras?.length) return {elements: [note('warn', h('p', {}, t('console.ask.no_camera')), h('a', {class: 'button', href: '/cameras/new'}, t('console.overview.add')))], add: async () => {}, blocked: true};
  const rows = one.cameras.map(camera => ({camera, controls: one.columns.map(column => control({...column, required: false}, {cameras, today, fresh: false, prefix: camera.id + '.', value: camera.values[column.id]}))}));
  const every = one.columns.map((column, i) => {
    const same = new Set(rows.map(row => row.camera.values[column.id])), it = control({...column, required: false}, {cameras, today, fresh: false, prefix: 'every.', value: same.size === 1 ? [...same][0] : undefined});
    const spread = async () => { const value = await it.read(); if (value !== undefined) rows.forEach(row => row.controls[i].set(value)); };
    it.element.addEventListener('change', spread);
    return it;
  });
  const differ = one.columns.some(column => new Set(one.cameras.map(camera => camera.values[column.id])).size > 1) || one.columns.some(column => column.id === 'place');
  const single = one.cameras.length === 1;
  return {
    elements: [!single && h('fieldset', {}, h('legend', {}, t('console.ask.every_camera')), h('div', {class: 'fields'}, one.columns.map((column, i) => labelled({...column}, every[i])))),
      h('details', {open: differ || single, class: 'by-camera'}, h('summary', {}, t('console.ask.by_camera')), one.columns.length === 1
        ? h('div', {class: 'fields'}, rows.map(({camera, controls}) => labelled({name: {en: camera.name, zh: camera.name}}, controls[0])))
        : h('div', {class: 'stack'}, rows.map(({camera, controls}) => h('fieldset', {'data-of': camera.id}, h('legend', {}, camera.name), h('div', {class: 'fields'}, one.columns.map((column, i) => labelled({...column, hint: undefined}, controls[i])))))))],
    add: async said => {
      said.cameras = {};
      for (const {camera, controls} of rows) {
        const values = {};
        for (const [i, column] of one.columns.entries()) { const value = await controls[i].read(); if (value !== undefined) values[column.id] = value; }
        if (Object.keys(values).length) said.cameras[camera.id] = values;
      }
    }};
}

function recordPart(record, i, alone) {
  const asked = form(record.fields, {cameras, today, prefix: `r${i}.`, plain: !record.whole}), suggested = record.fields.some(one => one.suggestions?.length && !one.choices);
  const body = h('div', {class: 'stack'}, asked.elements,
    suggested && h('div', {class: 'row'}, h('button', {class: 'button', type: 'button', 'data-suggest-all': i, onclick: () => record.fields.forEach(one => { const it = asked.controls[one.id]; if (one.suggestions?.length && it && it.element.value === '') it.set(both(one.suggestions[0])); })}, t('console.ask.suggest_all'))));
  const box = h('fieldset', {'data-record': record.kind}, !alone && h('legend', {}, both(record.title)));
  let used = false;
  const use = () => { used = true; fill(box, !alone && h('legend', {}, both(record.title)), body); };
  if (record.have) box.append(h('p', {class: 'soft'}, t('console.ask.have', record.have, record.newest ?? '')), h('div', {class: 'row'}, h('button', {class: 'button', type: 'button', 'data-another': record.kind, onclick: () => { use(); body.querySelector('input, select, textarea')?.focus(); }}, t('console.ask.another')), h('a', {class: 'button quiet', href: '/compliance#' + record.kind}, t('console.ask.correct'))));
  else use();
  let wanted = true;
  return {elements: [box],
    show: word => { wanted = !record.when || record.when === word; box.hidden = box.disabled = !wanted; },
    add: async said => { (said.records ??= []).push(used && wanted ? await asked.read() : null); }};
}

function show(id) {
  const one = all.find(question => question.id === id);
  if (!one) return finished();
  location.hash === '#' + id || history.pushState(null, '', '#' + id);
  const head = h('h2', {id: 'question-head', tabindex: -1}, both(one.title));
  const about = [head, h('p', {}, both(one.about)), h('p', {class: 'soft small'}, t('console.ask.who', both(one.who)), one.by ? ' · ' + t('console.ask.by', one.by, one.date) : ''), one.duties.length ? why(one) : null];
  let answer;
  const changed = () => parts.forEach(part => part.show?.(answer?.says() ?? ''));
  answer = answerPart(one, () => changed());
  const parts = [sitePart(one), answer, cameraPart(one), ...(one.records ?? []).map((record, i, list) => recordPart(record, i, list.length === 1))].filter(Boolean);
  changed();
  const buttons = h('div', {class: 'row'}, isManager && parts.length > 0 && !parts.some(part => part.blocked) && h('button', {class: 'button first', id: 'save'}, t('console.ask.next')),
    one.page && h('a', {class: 'button first', href: one.page}, t('console.ask.page_do')),
    h('button', {class: 'button', type: 'button', id: 'skip', onclick: () => { skipped.add(one.id); go(one.id); }}, t('console.ask.skip')),
    h('button', {class: 'button quiet', type: 'button', id: 'back', onclick: () => history.back()}, t('console.ask.back')));
  const element = h('form', {'data-question': one.id, 'aria-labelledby': 'question-head'}, parts.flatMap(part => part.elements).filter(Boolean), h('p', {class: 'wrong', role: 'alert'}), isManager ? null : note('idle', t('console.ask.manager_only')), buttons);
  if (!isManager) for (const it of element.querySelectorAll('input, select, textarea')) it.disabled = true;
  onSubmit(element, async () => {
    const said = {};
    for (const part of parts) await part.add(said);
    if (!said.site && !said.answer && !Object.keys(said.cameras ?? {}).length && !said.records?.some(Boolean)) return go(one.id); // nothing new
    try { await api('PUT', '/v1/questions/' + one.id, said, {'If-Match': one.tag}); }
    catch (error) {
      if (error.status !== 412) throw error;
      // What the other one answered is shown now; what was typed here is offered above it.
      await load();
      show(one.id);
      $('#question .wrong').textContent = [error.message, who(error.changed)].filter(Boolean).join(' · ');
      return false;
    }
    drop('question.' + one.id);
    skipped.delete(one.id);
    tell(t('console.saved'));
    if (said.site) today = await siteToday(true); // where the site is says which day it is there
    await load();
    if (all.find(question => question.id === one.id).state === 'open') skipped.add(one.id); // it waits for more than was said
    go(one.id);
  });
  fill($('#question'), about, element);
  if (isManager) draft(element, 'question.' + one.id);
  progress(one.id);
  (element.querySelector('input:not([disabled]), select, textarea') ?? head).focus();
  scrollTo(0, 0);
}

function go(id) {
  const next = after(id);
  if (next) show(next.id); else finished();
}

function finished() {
  history.replaceState(null, '', location.pathname);
  const left = open().length;
  fill($('#question'), icon('check'), h('h2', {tabindex: -1, id: 'question-head'}, left ? t('console.ask.skipped', left) : t('console.ask.done')), h('p', {}, t('console.ask.done_about')),
    h('div', {class: 'row'}, h('a', {class: 'button first', href: '/compliance'}, t('console.overview.law_do')), left ? h('button', {class: 'button', type: 'button', id: 'again', onclick: () => { skipped.clear(); go(); }}, t('console.ask.again')) : null));
  progress();
  $('#question-head').focus();
}

function progress(id) {
  const counted = all.filter(one => one.state !== 'spared'), left = open().length, answered = counted.length - left;
  fill($('#progress'), h('p', {}, t('console.ask.progress', answered, counted.length, left)), h('progress', {max: counted.length, value: answered, 'aria-label': t('console.ask.progress', answered, counted.length, left)}));
  fill($('#question-list'), all.map(one => h('li', {class: 'row apart', 'data-state': one.state}, h('a', {href: '#' + one.id, 'data-go': one.id, 'aria-current': one.id === id ? 'step' : null}, both(one.title)), state(tones[one.state], t('console.ask.state.' + one.state)))));
}

addEventListener('popstate', () => { const id = location.hash.slice(1); if (id) show(id); else go(); });
ready();
try {
  let list;
  [today, list] = await Promise.all([siteToday(), api('GET', '/v1/cameras'), load()]);
  cameras = list.map(({id, name}) => ({id, name}));
  const wanted = location.hash.slice(1);
  if (all.some(one => one.id === wanted)) show(wanted); else go();
} catch (error) { fill($('#question'), note('bad', error.message)); }
