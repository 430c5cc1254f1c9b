import {api, h, t, $, fill, icon, state, note, field, choices, onSubmit, values, confirm, tell, day, copied, isManager, role, ready, zone} from '/static/app.js';
import {clocks} from '/static/clocks.js';

const roles = ['viewer', 'auditor', 'manager'];
const roleChoice = (value, attributes) => choices(roles.map(one => [one, t('console.role.' + one)]), value, attributes);

// What the box is and how it fares, in rows of words.
async function box() {
  const [{gateway}, settings] = await Promise.all([api('GET', '/v1/status'), isManager ? api('GET', '/v1/settings').catch(() => []) : []]);
  const {mqtt, model} = gateway;
  const certificate = settings.find(one => one.key === 'console.certificate')?.value.replaceAll('"', '');
  const rows = [
    [t('console.box.name'), h('strong', {}, gateway.name)],
    [t('console.box.version'), gateway.version],
    [t('console.box.model'), h('span', {}, t('console.box.model_built_in'), ' ', h('span', {class: 'small soft mono'}, model.sha256.slice(0, 12)))],
    [t('console.box.broker'), h('div', {class: 'stack tight'}, state(mqtt.connected ? 'good' : 'warn', t(mqtt.connected ? 'console.box.connected' : 'console.box.not_connected')), h('span', {class: 'small soft'}, mqtt.embedded ? t('console.box.embedded', mqtt.address) : mqtt.address), mqtt.connected || !mqtt.error ? null : h('span', {class: 'small'}, mqtt.error))],
    [t('console.box.streams'), h('span', {class: 'mono'}, [gateway.streams.rtsp, gateway.streams.rtsps].filter(Boolean).join(', '))],
  ];
  rows.push([t('console.site.time_zone'), zone]);
  if (isManager) rows.push([t('console.box.certificate'), certificate ? t('console.box.given', certificate) : t('console.box.self_signed')]);
  if (gateway.temperature) rows.push([t('console.box.temperature'), `${gateway.temperature.toFixed(0)} °C`]);
  fill($('#box'), h('dl', {class: 'facts'}, rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])), await clocks().catch(() => null));
}

function own(user) {
  fill($('#own'), h('p', {}, t('console.user.you', user, t('console.role.' + role))),
    h('input', {name: 'user', autocomplete: 'username', value: user, hidden: true}),
    h('div', {class: 'fields'}, field(t('console.user.old'), h('input', {name: 'present', type: 'password', autocomplete: 'current-password', required: true})),
      field(t('console.user.new'), h('input', {name: 'password', type: 'password', autocomplete: 'new-password', minlength: 10, required: true}), t('console.setup.password_hint'))),
    h('p', {class: 'wrong', role: 'alert'}), h('div', {class: 'row'}, h('button', {class: 'button'}, t('console.user.change'))));
}

async function users() {
  const all = await api('GET', '/v1/users');
  const form = h('form', {}, h('div', {class: 'fields'},
    field(t('console.field.user'), h('input', {name: 'user', required: true, maxlength: 64, autocomplete: 'off', autocapitalize: 'none'})),
    field(t('console.field.password'), h('input', {name: 'password', type: 'password', required: true, minlength: 10, autocomplete: 'new-password'}), t('console.setup.password_hint')),
    field(t('console.user.role'), roleChoice('viewer', {name: 'role'}), t('console.role.about'))),
    h('p', {class: 'wrong', role: 'alert'}), h('div', {class: 'row'}, h('button', {class: 'button'}, icon('plus'), t('console.user.add'))));
  onSubmit(form, async () => { await api('POST', '/v1/users', values(form)); tell(t('console.saved')); await users(); });
  fill($('#users'), h('ul', {class: 'list'}, all.map(user => h('li', {class: 'row apart'}, h('span', {}, h('strong', {}, user.name), ' ', h('span', {class: 'soft'}, t('console.role.' + user.role))),
    user.name === me ? h('span', {class: 'soft small'}, t('console.user.is_you')) : h('button', {class: 'button danger', type: 'button', onclick: () => removeUser(user)}, t('console.user.remove'))))), form);
}

async function removeUser(user) {
  if (!await confirm(t('console.user.remove_sure', user.name), t('console.user.remove_about'), t('console.user.remove'))) return;
  try { await api('DELETE', '/v1/users/' + encodeURIComponent(user.name)); await users(); } catch (error) { tell(error.message, 'bad'); }
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
  try { await api('DELETE', '/v1/tokens/' + encodeURIComponent(token.id)); await tokens(); } catch (error) { tell(error.message, 'bad'); }
}

let me = '';
ready();
try {
  me = (await api('GET', '/v1/session')).user;
  own(me);
  onSubmit($('#own'), async form => { const {present, password} = values(form); await api('PUT', '/v1/users/' + encodeURIComponent(me) + '/password', {present, password}); location.assign('/login'); });
  await Promise.all([box(), isManager && users(), isManager && tokens()]);
} catch (error) { tell(error.message, 'bad'); }
