import {api, both, busy, call, h, t, $, fill, isManager, lang, role, ready} from '/static/app.js';
import {save} from '/static/download.js';

const wrong = $('#forms-how .wrong');
const mayPrint = role !== 'viewer';
$('#form-lang').value = lang;
$('#form-names').hidden = !isManager;
$('#forms-how').addEventListener('submit', event => event.preventDefault());

const isRegister = form => form.id.startsWith('register-');

function path(form, format) {
  const names = form.persons && $('#form-names input').checked ? '&names=1' : '';
  return `/v1/forms/${encodeURIComponent(form.id)}?lang=${$('#form-lang').value}&format=${format}${names}`;
}

// fetched saves a file once it is here, so that what is refused is said here and not in the file.
async function fetched(button, from, name) {
  wrong.textContent = '';
  try {
    save(await busy(button, async () => (await call('GET', from)).blob()), name);
  } catch (error) { wrong.textContent = error.message; wrong.scrollIntoView({block: 'center'}); }
}

function line(form) {
  const name = both(form.name);
  const open = h('a', {class: 'button', target: '_blank', rel: 'noopener', 'aria-label': t('console.forms.open_of', name), href: '/api' + path(form, 'html')}, t('console.forms.open'));
  open.addEventListener('click', () => { open.href = '/api' + path(form, 'html'); });
  const file = (format, word) => h('button', {class: 'button quiet', type: 'button', 'aria-label': `${word}: ${name}`, onclick: event => fetched(event.currentTarget, path(form, format), `bauta-${form.id}.${format}`)}, word);
  return h('li', {'data-form': form.id}, h('div', {class: 'row apart'}, h('div', {class: 'grows'}, h('strong', {}, name), !isRegister(form) && h('p', {class: 'soft small'}, both(form.about))),
    mayPrint && h('div', {class: 'row'}, open, file('pdf', 'PDF'), file('csv', 'CSV'))));
}

$('#notice-save').addEventListener('click', event => fetched(event.currentTarget, '/v1/notice', 'notice.html'));

const [forms, sign] = await Promise.all([api('GET', '/v1/forms'), api('GET', '/v1/sign')]);
fill($('#forms-own'), forms.filter(form => !isRegister(form)).map(line));
fill($('#forms-registers'), forms.filter(isRegister).map(line));
$('#registers-about').textContent = both(forms.find(isRegister).about);
if (!mayPrint) wrong.textContent = t('console.forms.auditor');
fill($('#notice-here'), sign.here ? h('a', {href: sign.here}, sign.here) : t('console.forms.notice_nowhere'));
ready();
