import {remove} from '/static/undo.js';
import {api, h, t, $, fill, icon, state, note, field, onSubmit, values, confirm, tell, day, copied, isManager, ready, zone} from '/static/app.js';
import {people, roleChoice} from '/static/settings-people.js';
import {streams} from '/static/settings-streams.js';
import {certificate, signOn} from '/static/settings-door.js';
import {clocks} from '/static/clocks.js';

// asReached is an address of the gateway as this browser reaches it: by the name in the address bar
// instead of the gateway's own name for itself, unless the settings let nobody else in.
const loopback = /^"?(127\.|localhost|\[?::1)/;
const asReached = (address, wanted = '') => loopback.test(wanted) ? address : address.replace(/^(127\.0\.0\.1|localhost|\[::1\])(?=:)/, location.hostname);

// What the box is and how it fares, in rows of words.
async function box() {
  const [{gateway}, settings] = await Promise.all([api('GET', '/v1/status'), isManager ? api('GET', '/v1/settings').catch(() => []) : []]);
  const {mqtt, model} = gateway;
  const rows = [
    [t('console.box.name'), h('strong', {}, gateway.name)],
    [t('console.box.version'), gateway.version],
    [t('console.box.model'), h('span', {}, t('console.box.model_built_in'), ' ', h('span', {class: 'small soft mono'}, model.sha256.slice(0, 12)))],
    [t('console.box.broker'), h('div', {class: 'stack tight'}, state(mqtt.connected ? 'good' : 'warn', t(mqtt.connected ? 'console.box.connected' : 'console.box.not_connected')), h('span', {class: 'small soft'}, mqtt.embedded ? t('console.box.embedded', mqtt.address) : mqtt.address), mqtt.connected || !mqtt.error ? null : h('span', {class: 'small'}, mqtt.error))],
    [t('console.box.streams'), h('span', {class: 'mono'}, [['rtsp', 'rtsp.address'], ['rtsps', 'rtsp.tls_address']].filter(([scheme]) => gateway.streams[scheme]).map(([scheme, key]) => `${scheme}://${asReached(gateway.streams[scheme], settings.find(one => one.key === key)?.value)}`).join(', '))],
  ];
  rows.push([t('console.site.time_zone'), zone]);
  if (gateway.temperature) rows.push([t('console.box.temperature'), `${gateway.temperature.toFixed(0)} °C`]);
  fill($('#box'), h('dl', {class: 'facts'}, rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])), await clocks().catch(() => null));
}

async function tokens(secret) {
  const all = await api('GET', '/v1/tokens');
  const form = h('form', {}, h('div', {class: 'fields'},
    field(t('console.token.name'), h('input', {name: 'name', required: true, maxlength: 64, autocomplete: 'off'}), t('console.token.name_hint')),
    field(t('console.user.role'), roleChoice('viewer', {name: 'role'})),
    field(t('console.token.days'), h('input', {name: 'days', type: 'number', min: 1, max: 3650, value: 365, required: true}))),
    h('p', {class: 'wrong', role: 'alert'}), h('div', {class: 'row'}, h('button', {class: 'button'}, icon('plus'), t('console.token.add'))));
  onSubmit(form, async () => {
    const {name, role, days} = values(form);
    await tokens((await api('POST', '/v1/tokens', {name, role, days: Number(days)})).secret);
  });
  fill($('#tokens'), secret && note('good', h('p', {}, t('console.token.once')), copied(secret)),
    all.length ? h('ul', {class: 'list'}, all.map(token => h('li', {class: 'row apart'}, h('span', {}, h('strong', {}, token.name), ' ', h('span', {class: 'soft small'}, t('console.role.' + token.role), ' · ', t('console.box.until', day(token.expires)))),
      h('button', {class: 'button danger', type: 'button', onclick: () => removeToken(token)}, t('console.token.remove'))))) : h('p', {class: 'soft'}, t('console.token.none')), form);
}

async function removeToken(token) {
  if (!await confirm(t('console.token.remove_sure', token.name), t('console.token.remove_about'), t('console.token.remove'))) return;
  await remove('/v1/tokens/' + encodeURIComponent(token.id), token.name, () => tokens());
}

ready();
try {
  const session = await api('GET', '/v1/session');
  await Promise.all([people(session), box(), ...isManager ? [tokens(), streams(), certificate(), signOn()] : []]);
  if (location.hash) document.querySelector(location.hash)?.scrollIntoView();
} catch (error) { tell(error.message, 'bad'); }
