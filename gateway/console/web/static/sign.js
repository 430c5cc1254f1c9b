import {api, $, h, t, fill, isManager, busy, tell, ready} from '/static/app.js';
import {draft, drop} from '/static/draft.js';
import {read} from '/static/meanwhile.js';

const touched = new Set(); // what somebody typed stays when other cameras are chosen
const put = (name, text) => { $(`[data-of=${name}]`).textContent = text; };
const inputs = {unit: () => put('unit', $('#unit').value), phone: () => put('phone', $('#phone').value), complain: () => put('complain', $('#complain').value), days, address};
for (const [id, show] of Object.entries(inputs)) $('#' + id).addEventListener('input', () => { touched.add(id); show(); offerKeeping(); });
let upTo = false;

$('#sign-form').addEventListener('submit', event => event.preventDefault());
$('#print').addEventListener('click', () => print());

// Without a number the line stays empty, to be written by hand: nobody's days are guessed.
function days() {
  const n = $('#days').value, most = upTo && !touched.has('days');
  put('days-zh', n && `${most ? '最长 ' : ''}${n} 日`);
  put('days-en', n && `${most ? 'up to ' : ''}${n} days`);
}

// The gateway draws the code; what is no address of a page has none.
function address() {
  const to = $('#address').value.trim(), good = /^https?:\/\/[^/\s]/.test(to);
  put('address', to);
  $('#code').hidden = !good;
  fill($('#code'), good && h('img', {src: '/api/v1/sign/code?address=' + encodeURIComponent(to), alt: t('console.sign.code', to), width: 160, height: 160}));
}

// What was typed of the unit is said of the site too, so that it stands on the next sign.
function offerKeeping() {
  $('#keep').hidden = !isManager || !['unit', 'phone'].some(id => touched.has(id) && $('#' + id).value.trim());
}
$('#keep').addEventListener('click', event => busy(event.currentTarget, async () => {
  try {
    const {value: {class: before, ...site}, tag} = await read('/v1/site');
    const said = {unit: $('#unit').value.trim() || site.unit, contact: $('#phone').value.trim() || site.contact};
    delete site.answers;
    await api('PUT', '/v1/site', {...site, ...site.kind ? {} : {class: before}, ...said}, {'If-Match': tag});
    touched.delete('unit');
    touched.delete('phone');
    drop('sign');
    offerKeeping();
    tell(t('console.saved'));
  } catch (error) { $('#sign-form .wrong').textContent = error.message; }
}));

function take(id, value) {
  if (touched.has(id)) return;
  $('#' + id).value = value || '';
  inputs[id]();
}

// refresh says what is known of the cameras that are ticked.
async function refresh() {
  const chosen = [...document.querySelectorAll('#sign-cameras input:checked')].map(box => 'camera=' + encodeURIComponent(box.value));
  const sign = await api('GET', '/v1/sign?' + chosen.join('&'));
  upTo = sign.up_to;
  take('unit', sign.unit); take('phone', sign.contact); take('complain', sign.contact); take('days', sign.days); take('address', sign.link || sign.here);
  put('purpose-zh', sign.purposes.zh); put('purpose-en', sign.purposes.en);
  put('masking-zh', sign.masking.zh); put('masking-en', sign.masking.en);
  $('#masking').hidden = !sign.masking.zh;
  $('#masking-open').hidden = !!sign.masking.zh;
}
const show = () => refresh().catch(error => { $('#sign-form .wrong').textContent = error.message; });

const cameras = await api('GET', '/v1/cameras').catch(() => []);
$('#sign-cameras').hidden = cameras.length === 0;
$('#sign-cameras').append(...cameras.map(camera => h('label', {class: 'choice'}, h('input', {type: 'checkbox', value: camera.id, checked: true, onchange: show}), h('span', {}, camera.name || camera.id))));
await show();
$('#days-record').hidden = !!$('#days').value;
draft($('#sign-form'), 'sign');
ready();
