import {api, follow, h, t, $, fill, icon, note, busy, onSubmit, oneLine, values, choices, field, ready} from '/static/app.js';
import {failure, basicBox} from '/static/failure.js';
import {waiting} from '/static/progress.js';
import {placeOptions, purposeOptions, law} from '/static/facts.js';
import {saw, about, foundStream, streamChoice, sizeOptions, subOptions, groupsOf} from '/static/streams.js';

const address = $('#address'), place = $('#place');
let camera = null; // what the test has proved
let stored = ''; // the camera's id once it is stored, whatever is refused after that

placeOptions($('#where'));
purposeOptions($('#purpose'), 'public-safety');
fill($('#law'), ...law('').childNodes);

$('#where').addEventListener('change', event => {
  const said = law(event.target.value);
  $('#law').dataset.tone = said.dataset.tone;
  fill($('#law'), ...said.childNodes);
  $('#add').disabled = said.dataset.tone === 'bad';
});

sizeOptions(address.max_size, '');
subOptions(address.sub_size, '');

// Each step is an entry of the browser's history, so that its Back leads to the step before
// and nothing typed is lost.
history.replaceState({step: 0}, '');
function go(number) {
  if (history.state?.step !== number) history.pushState({step: number}, '');
  step(number);
}
addEventListener('popstate', event => {
  const number = event.state?.step ?? 0;
  if (stored) location.replace(location.pathname); // it is added: there is nothing to go back to
  else if (number !== 1 || camera) step(number);
});

// What the gateway is set up for is said before anything is typed.
api('GET', '/v1/status').then(({gateway, cameras}) => {
  groupsOf($('#groups'), cameras);
  const full = gateway.camera_limit && cameras.length >= gateway.camera_limit;
  $('#test').disabled = full;
  if (full) fill($('#full'), note('warn', t('console.new.full', gateway.camera_limit)));
}).catch(() => {}); // the last step tells it too

function step(number) {
  [...$('#steps').children].forEach((item, i) => {
    item.classList.toggle('done', i < number);
    if (i === number) item.setAttribute('aria-current', 'step'); else item.removeAttribute('aria-current');
  });
  $('#find').hidden = number !== 0;
  place.hidden = number !== 1;
  $('#done').hidden = number !== 2;
  scrollTo(0, 0);
}

// Found cameras offer their streams; the address then stands in the form.
$('#discover').addEventListener('click', event => busy(event.currentTarget, async () => {
  try {
    const devices = await waiting($('#found'), t('console.progress.search'), () => api('POST', '/v1/discover', {range: $('#range').value.trim()}));
    fill($('#found'), devices.length ? h('ul', {class: 'list'}, devices.map(found)) : note('idle', t('console.new.found_none')));
  } catch (error) { fill($('#found'), note('warn', error.message)); }
}));

function found(device) {
  const name = [device.name, device.hardware].filter(Boolean).join(' ') || device.host;
  const more = h('div', {class: 'stack tight'});
  return h('li', {}, h('div', {class: 'row apart'},
    h('div', {}, h('strong', {}, name), h('div', {class: 'soft small'}, [device.host, device.location].filter(Boolean).join(' · '))),
    h('button', {class: 'button', type: 'button', onclick: () => fill(more, login(device, more))}, t('console.new.use'))), more);
}

function login(device, more) {
  const form = h('form', {}, h('div', {class: 'fields'},
    field(t('console.new.user'), h('input', {name: 'user', autocomplete: 'off', autocapitalize: 'none'})),
    field(t('console.new.password'), h('input', {name: 'password', type: 'password', autocomplete: 'off'}))),
    h('p', {class: 'wrong', role: 'alert'}), h('div', {class: 'row'}, h('button', {class: 'button first'}, t('console.new.streams'))));
  onSubmit(form, async () => {
    const streams = await api('POST', '/v1/discover/streams', {address: device.address, ...values(form)});
    if (!streams.length) throw new Error(t('console.new.no_streams'));
    const pick = choices(streams.map(stream => [stream.url, about(stream)]), streams[0].url);
    fill(more, field(t('console.new.stream'), pick), h('div', {class: 'row'}, h('button', {class: 'button first', type: 'button', onclick: () => {
      address.url.value = pick.value;
      address.user.value = form.user.value;
      address.password.value = form.password.value;
      $('#name').value ||= device.name || '';
      address.requestSubmit();
    }}, t('console.new.test'))));
  });
  return form;
}

onSubmit(address, async () => {
  const {url, user, password, transport, mask, cover, mounting, fingerprint, max_size, sub_size} = values(address);
  const body = {name: 'test', url: url.trim(), user, password, transport, cover, mounting, insecure_tls: address.insecure_tls.checked};
  if (mask) body.mask = mask;
  if (max_size) body.max_size = max_size;
  if (sub_size) body.sub_size = sub_size;
  if (fingerprint) body.fingerprint = fingerprint.trim();
  if (address.elements.basic_login?.checked) body.basic_login = true;
  let probe;
  fill($('#failed'));
  try { probe = await api('POST', '/v1/cameras/test', body); }
  catch (error) {
    if (!error.reason) throw error;
    fill($('#failed'), failure(error, {basic: basicBox, use: location => { address.url.value = location; address.requestSubmit(); }}));
    return;
  }
  camera = body;
  if (probe.url) camera.url = probe.url;
  if (probe.fingerprint) camera.fingerprint = probe.fingerprint; // of the very device that was tried
  fill($('#tested'), icon('check'), h('div', {}, h('strong', {}, t('console.new.works')), ' ', saw(probe),
    probe.streams?.length ? h('div', {class: 'small'}, foundStream(probe.streams[0])) : null,
    probe.dropped_tracks?.length ? h('div', {class: 'small'}, t('console.new.dropped')) : null));
  others(probe.streams);
  go(1);
  $('#tested').focus();
});

// others offers the streams beside the largest. The chosen one is tried as the first was.
function others(streams = []) {
  fill($('#streams'), streams.length > 1 ? streamChoice(streams, camera.url, url => { address.url.value = url; step(0); address.requestSubmit(); }) : []);
}

$('#back').addEventListener('click', () => { history.back(); $('#url').focus(); });

// The name in other scripts than Latin makes a camera id of a number: the
// server chooses it.
onSubmit(place, async () => {
  const said = values(place);
  stored ||= (await api('POST', '/v1/cameras', {...camera, name: said.name.trim(), group: said.group.trim(), place: said.place, purpose: said.purpose})).id;
  $('#name').readOnly = $('#back').hidden = true;
  const more = {place: said.place, purpose: said.purpose, necessity: oneLine(said.necessity)};
  await api('PUT', `/v1/cameras/${encodeURIComponent(stored)}/facts`, more);
  finish(stored, said.name.trim());
});

function finish(id, name) {
  go(2);
  const page = '/cameras/' + encodeURIComponent(id);
  const words = h('div', {}), hero = h('div', {class: 'hero'}, icon('wait'), words, h('a', {class: 'button first', href: page, id: 'open'}, t('console.new.open'), icon('next')));
  const say = safe => {
    const tone = safe ? 'good' : 'idle';
    if (hero.dataset.tone === tone) return; // what is said again, screen readers read again
    hero.dataset.tone = tone;
    hero.firstChild.replaceWith(icon(safe ? 'shield' : 'wait'));
    fill(words, h('h2', {}, t(safe ? 'console.new.protected' : 'console.new.added', name)), h('p', {}, t(safe ? 'console.new.protected_about' : 'console.new.added_about')));
  };
  say(false);
  follow({
    status: status => say(['protected', 'over_masked'].includes(status.cameras.find(one => one.id === id)?.protection)),
    stale: old => { if (old) say(false); },
  });
  fill($('#done'), hero,
    h('div', {class: 'card'}, h('h2', {}, t('console.new.then')), h('ol', {class: 'stack tight'},
      h('li', {}, h('a', {href: page + '#zones-head'}, t('console.next.capture'))),
      h('li', {}, h('a', {href: '/sign'}, t('console.new.sign_do'))),
      h('li', {}, h('a', {href: '/cameras/new'}, t('console.new.another'))))));
  $('#open').focus();
}
ready();
