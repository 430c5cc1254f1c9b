// Who may watch the masked streams: a login for each recorder and viewer.
import {api, h, t, $, fill, icon, note, field, onSubmit, values, confirm, tell, copied} from '/static/app.js';
import {remove} from '/static/undo.js';
import {seen} from '/static/settings-people.js';

const at = login => '/v1/streams/logins/' + encodeURIComponent(login.name);
const doors = {rtsp: 'RTSP', onvif: 'ONVIF', hls: 'HLS'};

// cameraBoxes let choose cameras; none means all.
function cameraBoxes(cameras, chosen) {
  const all = h('input', {type: 'checkbox', name: 'all', checked: !chosen}), boxes = cameras.map(camera => h('input', {type: 'checkbox', name: 'camera', value: camera.id, checked: chosen?.includes(camera.id) ?? false}));
  const part = h('div', {class: 'choices', hidden: !chosen}, boxes.map((box, i) => h('label', {class: 'choice'}, box, h('span', {}, cameras[i].name))));
  all.addEventListener('change', () => { part.hidden = all.checked; });
  return h('fieldset', {}, h('legend', {}, t('console.streams.cameras')), h('label', {class: 'choice plain'}, all, h('span', {}, t('console.streams.all'))), part);
}

// chosen are the cameras of a form: [] for all.
function chosen(form) {
  if (form.all.checked) return [];
  const some = [...form.querySelectorAll('[name=camera]:checked')].map(box => box.value);
  if (!some.length) throw new Error(t('console.streams.choose'));
  return some;
}

// addresses are those of a new login, ready to paste.
const addresses = (urls, made) => urls.map(url => new URL(url.replace(/^rtsp/, 'http'))).filter(url => made.all || made.cameras.includes(url.pathname.slice(1))).map(url => {
  const host = url.host.replace(/^(127\.0\.0\.1|localhost)/, location.hostname);
  return `${url.protocol === 'https:' ? 'rtsps' : 'rtsp'}://${made.name}:${encodeURIComponent(made.password)}@${host}${url.pathname}`;
});

function line(login, cameras) {
  const names = login.all ? t('console.streams.all') : (login.cameras ?? []).map(id => cameras.find(one => one.id === id)?.name ?? id).join(', ') || t('console.streams.none');
  const used = [seen(login.last_seen), doors[login.door]].filter(Boolean).join(', ');
  const head = h('span', {}, h('strong', {}, login.built_in ? t('console.streams.built_in', login.name) : login.name), ' ', h('span', {class: 'soft small'}, [login.off ? t('console.streams.is_off') : '', names, used].filter(Boolean).join(' · ')));
  if (login.built_in) {
    const to = !!login.off;
    return h('li', {class: 'row apart', 'data-login': login.name}, head, h('button', {class: to ? 'button' : 'button danger', type: 'button', id: 'built-in', onclick: () => switchBuiltIn(to)}, t(to ? 'console.streams.on' : 'console.streams.off')));
  }
  const form = h('form', {}, cameraBoxes(cameras, login.all ? null : login.cameras ?? []), h('p', {class: 'wrong', role: 'alert'}), h('div', {class: 'row'}, h('button', {class: 'button'}, t('console.save'))));
  onSubmit(form, async () => { await api('PUT', at(login) + '/cameras', {cameras: chosen(form)}); tell(t('console.saved')); await streams(); });
  return h('li', {'data-login': login.name}, h('div', {class: 'row apart'}, head, h('button', {class: 'button danger', type: 'button', 'aria-label': t('console.token.remove') + ' ' + login.name, onclick: () => withdraw(login)}, t('console.token.remove'))),
    h('details', {}, h('summary', {}, t('console.streams.change')), form));
}

async function switchBuiltIn(on) {
  if (!on && !await confirm(t('console.streams.off_sure'), t('console.streams.off_about'), t('console.streams.off'))) return;
  try { await api('PUT', '/v1/streams/built-in', {on}); await streams(); } catch (error) { tell(error.message, 'bad'); }
}

async function withdraw(login) {
  if (!await confirm(t('console.streams.remove_sure', login.name), t('console.streams.remove_about'), t('console.token.remove'))) return;
  await remove(at(login), login.name, () => streams());
}

export async function streams(made) {
  const [logins, cameras, viewer] = await Promise.all([api('GET', '/v1/streams/logins'), api('GET', '/v1/cameras'), api('GET', '/v1/viewer')]);
  const form = h('form', {id: 'stream-new'}, field(t('console.streams.name'), h('input', {name: 'name', required: true, maxlength: 40, pattern: '[a-z0-9]+(-[a-z0-9]+)*', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', title: t('console.streams.name_hint')}), t('console.streams.name_hint')),
    cameraBoxes(cameras, null), h('p', {class: 'wrong', role: 'alert'}), h('div', {class: 'row'}, h('button', {class: 'button'}, icon('plus'), t('console.streams.add'))));
  onSubmit(form, async () => streams(await api('POST', '/v1/streams/logins', {name: values(form).name, cameras: chosen(form)})));
  fill($('#streams'), viewer.anonymous && note('warn', t('console.watch.anonymous')),
    made && h('div', {id: 'stream-made', class: 'stack tight', role: 'status'}, note('good', t('console.streams.once', made.name)), h('p', {}, t('console.field.password')), copied(made.password), addresses(viewer.urls, made).map(copied)),
    h('ul', {class: 'list'}, logins.map(login => line(login, cameras))), form);
}
