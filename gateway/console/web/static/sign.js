import {api, $, ready} from '/static/app.js';

for (const id of ['unit', 'phone', 'days', 'complain']) {
  const show = () => { $(`[data-of=${id}]`).textContent = $('#' + id).value; };
  $('#' + id).addEventListener('input', show);
  show();
}
$('#sign-form').addEventListener('submit', event => event.preventDefault());
$('#print').addEventListener('click', () => print());
ready();

// The purposes are those that the cameras have; where none is said the line
// stays empty, to be written by hand.
async function purposes() {
  const [cameras, known] = await Promise.all([api('GET', '/v1/cameras'), api('GET', '/v1/purposes')]);
  const facts = await Promise.all(cameras.map(camera => api('GET', `/v1/cameras/${encodeURIComponent(camera.id)}/facts`)));
  const said = known.filter(one => facts.some(fact => fact.purpose === one.id)).map(one => one.name);
  $('[data-of=purpose-zh]').textContent = said.map(name => name.zh).join('、');
  $('[data-of=purpose-en]').textContent = said.map(name => name.en).join(', ');
}
purposes().catch(() => {});

const site = await api('GET', '/v1/site').catch(() => ({}));
if (site.contact) { $('#complain').value = site.contact; $('[data-of=complain]').textContent = site.contact; }
