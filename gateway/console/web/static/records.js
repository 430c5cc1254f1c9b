import {api, h, t, both, fill, icon, field, onSubmit, oneLine, tell, day, when, note, isManager} from '/static/app.js';
import {form, control, labelled, siteToday} from '/static/forms.js';
import {draft, drop, names, offer} from '/static/draft.js';
import {change} from '/static/meanwhile.js';

// The records that a manager keeps: their kinds and what each asks for come from the API.

const yesNo = value => t(value ? 'answer.yes' : 'answer.no');
const choice = (one, value) => both(one.choices?.find(choice => choice.id === String(value))?.name) || String(value);
const nameOf = (cameras, id) => cameras.find(camera => camera.id === id)?.name ?? id;

// wordsOf is what a field says, for people; empty for what only programs read.
export function wordsOf(one, value, cameras = []) {
  if (value === undefined || value === null || value === '') return '';
  switch (one.type) {
    case 'date': return day(value);
    case 'number': return one.id === 'hours' ? t('console.record.kept', value / 24) : String(value);
    case 'flag': case 'answer': return yesNo(value);
    case 'choice': return choice(one, value);
    case 'choices': return value.map(word => choice(one, word)).join(', ');
    case 'camera': return nameOf(cameras, value);
    case 'cameras': return value.map(id => nameOf(cameras, id)).join(', ');
    case 'items': return Object.entries(value).map(([item, said]) => `${choice(one, item)}: ${said}`).join(' · ');
    case 'lines': return '';
  }
  return String(value);
}

// summary says a record by the first of its fields that say something.
const inShort = ['text', 'choice', 'camera', 'number', 'flag'];
const short = (one, value, cameras) => one.type === 'flag' || one.type === 'number' && one.id !== 'hours' ? `${both(one.name)}: ${wordsOf(one, value, cameras)}` : wordsOf(one, value, cameras);
export const summary = (kind, record, cameras) => kind.fields.filter(one => inShort.includes(one.type) && !one.person && record[one.id] !== undefined && (one.type !== 'flag' || one.required)).slice(0, 2).map(one => short(one, record[one.id], cameras)).join(' · ');

// all shows every field of a version.
const all = (kind, record, cameras) => h('dl', {class: 'facts'}, kind.fields.flatMap(one => {
  if (one.type === 'items' && record[one.id]) return Object.entries(record[one.id]).flatMap(([item, said]) => [h('dt', {}, choice(one, item)), h('dd', {}, said)]);
  const words = wordsOf(one, record[one.id], cameras);
  return words ? [h('dt', {}, both(one.name)), h('dd', {class: one.type === 'hash' ? 'mono' : null}, words)] : [];
}));

// who entered a version: for managers by name.
let users;
const people = () => users ??= isManager ? api('GET', '/v1/users').catch(() => []) : Promise.resolve([]);
function author(word, known) {
  const [role, id] = (word ?? '').split(':');
  if (!word) return t('console.record.not_known');
  if (!id) return t('console.records.local');
  const name = known.find(one => one.id === id)?.name;
  return [t('console.role.' + role), name].filter(Boolean).join(' ');
}

const entered = (one, known) => h('p', {class: 'soft small'}, t('console.records.entered', one.version, one.entered ? when(one.entered) : t('console.record.not_known'), author(one.author, known)), one.reason ? ' · ' + t(one.withdrawn ? 'console.records.withdrawn_why' : 'console.records.why', one.reason) : '');
const version = (kind, one, cameras, known) => h('li', {class: 'stack tight'}, one.unreadable ? t('console.record.unreadable') : [entered(one, known), all(kind, one.record, cameras)]);

// What closes a record, by its kind: the fields that do, all of which are asked for then.
const closes = {complaint: ['closed', 'answer'], inspection: ['reported']};
export const isOpen = (kind, one) => !one.unreadable && !one.withdrawn && !!closes[kind.id] && !one.record[closes[kind.id][0]] && (kind.id !== 'inspection' || one.record.cameras > 0);

const fieldsFor = (kind, cameras) => kind.fields.filter(one => !one.filled).map(one => ({id: one.id, name: both(one.name), show: value => wordsOf(one, value, cameras)}));

// correct sends the next version of a record; null where the reader turned back.
function correct(kind, old, record, reason, cameras) {
  const path = '/v1/records/' + kind.id;
  const theirs = async () => {
    const one = (await api('GET', path)).find(one => one.id === old.id);
    return {tag: one && `"${one.version}"`, value: one?.record};
  };
  return change({path: `${path}/${old.id}`, value: record, base: old.record, tag: `"${old.version}"`, theirs, fields: fieldsFor(kind, cameras), body: whole => ({reason, record: whole})});
}

// ask is a small form in the place of a row's buttons.
function ask(place, elements, words, work, tone = 'first') {
  const close = () => fill(place), element = h('form', {}, elements, h('p', {class: 'wrong', role: 'alert'}), h('div', {class: 'row'}, h('button', {class: 'button ' + tone}, words), h('button', {class: 'button', type: 'button', onclick: close}, t('console.cancel'))));
  onSubmit(element, work);
  fill(place, element);
  element.querySelector('input, textarea, select')?.focus();
}

// row shows a record: what it says in short, then all of it, and what can be done with it. Reload
// is called when it has changed, edit opens the form for its next version.
export function row(kind, one, {cameras, reload, edit, opened}) {
  const acts = h('div', {}), body = h('div', {class: 'stack tight'});
  const more = h('details', {class: 'small', open: !!opened}, h('summary', {}, t('console.records.open')), body);
  const draw = async () => {
    if (one.unreadable) return;
    const known = await people();
    fill(body, entered(one, known), one.changes?.length ? changes(one) : null, all(kind, one.record, cameras),
      one.earlier && h('details', {}, h('summary', {}, t('console.record.versions', one.earlier.length + 1)), h('ul', {class: 'list'}, [...one.earlier, one].reverse().map(old => version(kind, old, cameras, known)))),
      isManager && h('div', {class: 'row'}, one.withdrawn ? h('button', {class: 'button', type: 'button', 'data-restore': one.id, onclick: restore}, t('console.records.restore'))
        : h('button', {class: 'button danger', type: 'button', 'data-withdraw': one.id, onclick: withdraw}, t('console.records.withdraw'))), h('div', {class: 'soft small mono'}, one.id));
  };
  more.addEventListener('toggle', () => { if (more.open && !body.firstChild) draw(); });
  if (opened) draw();
  const done = async words => { tell(words); await reload(one.id); };
  const why = () => h('input', {name: 'reason', maxlength: 300, required: true});
  const withdraw = () => { const said = why(); ask(acts, [h('p', {class: 'small'}, t('console.records.withdraw_about')), field(t('console.records.withdraw_reason'), said)], t('console.records.withdraw'), async () => {
    await api('POST', `/v1/records/${kind.id}/${one.id}/withdraw`, {reason: oneLine(said.value)});
    await done(t('console.records.withdrawn'));
  }, 'danger'); };
  const restore = () => { const said = why(); ask(acts, field(t('console.record.correction'), said), t('console.records.restore'), async () => { if (await correct(kind, one, one.record, oneLine(said.value), cameras)) await done(t('console.record.kept_now')); }); };
  const settle = async () => {
    const today = await siteToday(), asked = closes[kind.id].map(id => ({...kind.fields.find(one => one.id === id), required: true})).map(one => [one, control(one, {cameras, today, value: one.type === 'date' ? today : undefined})]);
    ask(acts, asked.flatMap(([one, it]) => labelled(one, it)), t('console.records.settle.' + kind.id), async () => {
      const said = {};
      for (const [field, it] of asked) said[field.id] = await it.read();
      if (await correct(kind, one, {...one.record, ...said}, t('console.records.settled.' + kind.id), cameras)) await done(t('console.record.kept_now'));
    });
  };
  return h('li', {class: 'stack tight', 'data-id': one.id, 'data-withdrawn': !!one.withdrawn},
    h('div', {class: 'row apart'}, h('span', {class: one.withdrawn ? 'soft' : null}, one.withdrawn ? t('console.records.is_withdrawn') + ' ' : '', one.unreadable ? t('console.record.unreadable') : summary(kind, one.record, cameras)),
      h('span', {class: 'row'}, one.record?.date && h('span', {class: 'soft small'}, day(one.record.date)),
        isManager && !one.unreadable && !one.withdrawn && h('button', {class: 'button', type: 'button', onclick: () => edit(one)}, t('console.record.correct')),
        isManager && isOpen(kind, one) && h('button', {class: 'button first', type: 'button', 'data-settle': one.id, onclick: settle}, t('console.records.settle.' + kind.id)))),
    one.confirm && h('p', {class: 'small'}, t('console.record.confirm', both(one.confirm))), acts, !one.unreadable && more);
}

// changes says what is another since a record was made.
const changes = one => note('warn', h('strong', {}, t('console.records.changed')), h('ul', {}, one.changes.map(change => h('li', {}, both(change.was) ? t(both(change.is) ? 'console.records.change' : 'console.records.change_gone', both(change.was), both(change.is)) : t('console.records.change_new', both(change.is))))));

// editor is the form for another record of a kind, or for the next version of one; load returns
// those that there are.
export function editor(kind, place, button, context, load) {
  const nameFor = old => `record.${kind.id}.${old?.id ?? 'new'}`;
  const open = async (old, taken) => {
    const today = await siteToday(), last = !old && kind.id === 'assessment' ? (await load()).filter(one => !one.unreadable && !one.withdrawn).at(-1) : null;
    const asked = form(kind.fields, {...context, today, old}, old?.record ?? (last ? {items: last.record.items} : undefined));
    const why = h('input', {name: 'correction', maxlength: 300, required: true});
    const element = h('form', {'data-record': kind.id}, old && field(t('console.record.correction'), why, t('console.record.correction_hint')),
      last && [note('idle', t('console.records.from_last', day(last.record.date))), last.changes?.length ? changes(last) : null], asked.elements, h('p', {class: 'wrong', role: 'alert'}),
      h('div', {class: 'row'}, h('button', {class: 'button first'}, t('console.record.keep')), h('button', {class: 'button', type: 'button', onclick: () => { drop(nameFor(old)); fill(place, button); }}, t('console.cancel'))));
    onSubmit(element, async () => {
      const record = await asked.read();
      if (old && !await correct(kind, old, record, oneLine(why.value), context.cameras)) return false;
      if (!old) await api('POST', '/v1/records/' + kind.id, record);
      drop(nameFor(old));
      fill(place, button);
      tell(t('console.record.kept_now'));
      button.focus();
      await context.kept(old?.id);
    });
    fill(place, element);
    draft(element, nameFor(old), taken);
    element.querySelector('input, textarea, select').focus();
  };
  // drafts offers the forms that were open when the page was left.
  const drafts = list => {
    if (!isManager || place.querySelector('form')) return false;
    const boxes = names(`record.${kind.id}.`).map(name => {
      const old = list.find(one => one.id === name.split('.')[2]);
      return name.endsWith('.new') || old ? offer(name, is => open(old, is)) : drop(name);
    }).filter(Boolean);
    if (!place.querySelector('form')) fill(place, boxes, button);
    return boxes.length > 0;
  };
  return {open, drafts};
}

// shown is how many of a kind the page of the clauses shows: the newest, and what waits for somebody.
const shown = 5;

// section shows the newest records of one kind and the form for another one.
export function section(kind, context) {
  const list = h('ul', {class: 'list'}), place = h('div', {class: 'stack tight'}), path = '/v1/records/' + kind.id, count = h('span', {class: 'soft'}), more = h('p', {});
  const button = h('button', {class: 'button', type: 'button', 'data-add': kind.id, onclick: () => it.open()}, icon('plus'), t(`console.record.${kind.id}.add`));
  const read = () => api('GET', path);
  const load = async opened => {
    const all = await read(), force = all.filter(one => !one.withdrawn), newest = new Set(force.slice(-shown));
    count.textContent = force.length ? ` (${force.length})` : '';
    fill(list, force.filter(one => newest.has(one) || one.confirm || isOpen(kind, one) || one.id === opened).reverse().map(one => row(kind, one, {cameras: context.cameras, reload, edit: it.open, opened: one.id === opened})));
    fill(more, all.length > 0 && h('a', {href: '/records?kind=' + kind.id, 'data-all-of': kind.id}, t('console.records.all_of', all.length)));
    if (it.drafts(all)) details.open = true;
  };
  const reload = async id => { await load(id); context.changed(); };
  const it = editor(kind, place, button, {...context, kept: reload}, read);
  if (isManager) fill(place, button);
  const details = h('details', {class: 'card', id: kind.id}, h('summary', {}, both(kind.name), count), h('p', {class: 'soft'}, both(kind.about)), list, more, place);
  load().catch(error => fill(list, note('warn', error.message)));
  // reveal opens the form for another record; where one that is there is to be mended, the list.
  details.reveal = mend => { details.open = true; if (isManager && !mend) it.open(); details.scrollIntoView({block: 'start'}); if (mend) list.querySelector('button')?.focus({preventScroll: true}); };
  return details;
}
