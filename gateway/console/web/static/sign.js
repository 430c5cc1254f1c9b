import {api, $, ready} from '/static/app.js';

for (const id of ['unit', 'phone', 'days', 'complain']) {
  const show = () => { $(`[data-of=${id}]`).textContent = $('#' + id).value; };
  $('#' + id).addEventListener('input', show);
  show();
}
$('#sign-form').addEventListener('submit', event => event.preventDefault());
$('#print').addEventListener('click', () => print());
ready();

const site = await api('GET', '/v1/site').catch(() => ({}));
if (site.contact) { $('#complain').value = site.contact; $('[data-of=complain]').textContent = site.contact; }
