import {api, busy, call, h, t, both, $, fill, icon, lang, note, isManager, role, ready} from '/static/app.js';
import {save} from '/static/download.js';
import {editor, row, wordsOf, isOpen} from '/static/records.js';

// All records of a kind, by pages, with a search, as a file and on paper.

const size = 25, query = new URLSearchParams(location.search);
const [kinds, cameras] = await Promise.all([api('GET', '/v1/record-kinds'), api('GET', '/v1/cameras').catch(() => [])]);
const kind = kinds.find(one => one.id === query.get('kind')) ?? kinds.find(one => one.id === 'complaint');
let all = [], page = 0, opened = location.hash.slice(1);

const choose = $('#kind');
fill(choose, kinds.map(one => h('option', {value: one.id}, both(one.name))));
choose.value = kind.id;
choose.addEventListener('change', () => location.assign('/records?kind=' + choose.value));
$('#kind-about').textContent = both(kind.about);
document.title = both(kind.name) + ' · Bauta';
$('h1').textContent = both(kind.name);

const wordsIn = one => one.unreadable ? '' : kind.fields.map(field => wordsOf(field, one.record[field.id], cameras)).join(' ').toLowerCase();
const place = $('#record-form'), button = h('button', {class: 'button first', type: 'button', 'data-add': kind.id, onclick: () => it.open()}, icon('plus'), t(`console.record.${kind.id}.add`));
const read = () => api('GET', '/v1/records/' + kind.id);
const load = async id => {
  all = await read();
  opened = id ?? opened;
  draw();
  it.drafts(all);
};
const it = editor(kind, place, button, {cameras, kept: load}, read);
const edit = one => { it.open(one); place.scrollIntoView({block: 'center'}); };

function draw() {
  const q = $('#q').value.trim().toLowerCase(), which = $('#which').value;
  const fits = all.filter(one => (which === 'withdrawn' ? one.withdrawn : !one.withdrawn) && (which !== 'open' || isOpen(kind, one)) && (!q || one.id.includes(q) || wordsIn(one).includes(q))).reverse();
  const at = fits.findIndex(one => one.id === opened);
  if (at >= 0) page = Math.floor(at / size);
  const pages = Math.max(1, Math.ceil(fits.length / size));
  page = Math.min(page, pages - 1);
  const here = fits.slice(page * size, (page + 1) * size);
  fill($('#list'), here.length ? here.map(one => row(kind, one, {cameras, reload: load, edit, opened: one.id === opened})) : h('li', {class: 'soft'}, t(all.length ? 'console.records.no_match' : 'console.records.none')));
  fill($('#pages'), h('span', {role: 'status'}, t('console.records.page', here.length ? page * size + 1 : 0, page * size + here.length, fits.length)),
    pages > 1 && [['previous', -1, page > 0], ['next', 1, page < pages - 1]].map(([word, by, may]) => h('button', {class: 'button', type: 'button', 'data-page': word, disabled: !may, onclick: () => { page += by; opened = ''; draw(); $('#list').scrollIntoView(); }}, t('console.records.' + word))));
  if (opened) document.querySelector(`[data-id="${CSS.escape(opened)}"]`)?.scrollIntoView({block: 'center'});
  opened = '';
}
$('#search').addEventListener('submit', event => event.preventDefault());
for (const one of [$('#q'), $('#which')]) one.addEventListener('input', () => { page = 0; draw(); });
for (const option of $('#which').options) option.hidden = option.value === 'open' && !['complaint', 'inspection'].includes(kind.id);

// The register as a file: names of persons only for managers, who ask for them.
const persons = kind.fields.some(one => one.person), wrong = $('#files .wrong');
const path = format => `/v1/forms/register-${kind.id}?lang=${$('#file-lang').value}&format=${format}${isManager && persons && $('#file-names input').checked ? '&names=1' : ''}`;
$('#file-lang').value = lang;
$('#file-names').hidden = !(isManager && persons);
$('#files').hidden = role === 'viewer';
$('#files').addEventListener('submit', event => event.preventDefault());
for (const one of document.querySelectorAll('[data-file]')) one.addEventListener('click', () => busy(one, async () => {
  wrong.textContent = '';
  const format = one.dataset.file;
  try { save(await (await call('GET', path(format))).blob(), `bauta-${kind.id}.${format}`); }
  catch (error) { wrong.textContent = error.message; }
}));
$('#print').addEventListener('click', () => { $('#print').href = '/api' + path('html'); });

if (isManager) fill(place, button);
ready();
load().catch(error => fill($('#list'), h('li', {}, note('warn', error.message))));
