import {api, call, h, t, $, fill, note, field, choices, busy, onSubmit, values, tell, ready} from '/static/app.js';
import {save} from '/static/download.js';

// The audit trail: the newest entries first, chosen by days, kind and person.
const form = $('#filter'), list = $('#entries');
let next = 0;

const {kinds, people} = await api('GET', '/v1/audit/filters').catch(error => { tell(error.message, 'bad'); return {kinds: [], people: []}; });
const chosen = all => [['', t('console.audit.all')], ...all.map(one => [one.value, one.word])];
fill(form, h('div', {class: 'fields'},
  field(t('console.audit.from'), h('input', {name: 'from', type: 'date'})), field(t('console.audit.to'), h('input', {name: 'to', type: 'date'})),
  field(t('console.audit.kind'), choices(chosen(kinds), '', {name: 'kind'})), field(t('console.audit.person'), choices(chosen(people), '', {name: 'actor'}))),
  h('p', {class: 'wrong', role: 'alert'}), h('div', {class: 'row'}, h('button', {class: 'button first'}, t('console.audit.show'))));

const query = extra => new URLSearchParams(Object.entries({...values(form), ...extra}).filter(([, value]) => value)).toString();

// The time stands as the site's clock showed it, whatever the reader's zone.
const clock = time => `${time.slice(0, 10)} ${time.slice(11, 19)}`;
const line = entry => h('li', {'data-action': entry.action, class: 'stack tight'},
  h('div', {class: 'row'}, h('time', {datetime: entry.ts, class: 'soft'}, clock(entry.ts)), h('strong', {}, entry.what), entry.name ? h('span', {}, entry.name) : null, entry.detail.includes('\u2192') ? h('span', {}, entry.detail) : null, h('span', {class: 'soft'}, entry.who)),
  entry.detail || entry.subject ? h('details', {}, h('summary', {class: 'small'}, t('console.audit.technical')), h('code', {class: 'mono small'}, [`#${entry.seq}`, entry.action, entry.actor, entry.subject, entry.detail].filter(Boolean).join(' · '))) : null);

async function show(more) {
  const page = await api('GET', '/v1/audit?' + query(more ? {before: next} : {}));
  if (!more) fill(list);
  list.append(...page.entries.map(line));
  next = page.next;
  fill($('#more'), next ? h('button', {class: 'button', type: 'button', onclick: event => busy(event.currentTarget, () => show(true)).catch(error => tell(error.message, 'bad'))}, t('console.audit.more')) : null,
    list.children.length ? null : h('p', {class: 'soft'}, t('console.audit.none')));
}

onSubmit(form, () => show(false));
$('#verify').addEventListener('click', event => busy(event.currentTarget, async () => {
  fill($('#verified'));
  try {
    const {entries, signed} = await api('GET', '/v1/audit/verify');
    fill($('#verified'), note('good', t('console.audit.verified', entries, signed)));
  } catch (error) { fill($('#verified'), note('bad', error.message)); }
}));
$('#export').addEventListener('click', event => busy(event.currentTarget, async () => {
  try { save(await (await call('GET', '/v1/audit/export?' + query({}))).blob(), 'audit.csv'); } catch (error) { tell(error.message, 'bad'); }
}));

ready();
await show(false).catch(error => tell(error.message, 'bad'));
