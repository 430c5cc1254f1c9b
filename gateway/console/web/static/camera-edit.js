// The card that changes a camera: name, address, login, mask. A new connection is tried before
// it is saved.

import {api, h, t, $, fill, field, choices, values, onSubmit, busy, note, tell} from '/static/app.js';
import {failure, basicBox} from '/static/failure.js';
import {saw, foundStream, streamChoice, sizeOptions, subOptions, groupsOf} from '/static/streams.js';

// What may be saved though the test failed: the camera may only be switched off now.
const passing = ['unreachable', 'timeout', 'closed'];
const link = ['url', 'user', 'password', 'transport', 'insecure_tls', 'fingerprint', 'basic_login'];

export function editPanel(id, cameras, changed) {
  const path = '/v1/cameras/' + encodeURIComponent(id), form = $('#edit-form'), opener = $('#edit-open');
  let now, proved = '';

  const open = () => busy(opener, async () => {
    now = await api('GET', path);
    draw();
    opener.hidden = true;
    form.hidden = false;
    form.querySelector('input').focus({preventScroll: true});
  }).catch(error => tell(error.message, 'bad'));
  opener.addEventListener('click', open);

  function draw() {
    const input = (name, attributes = {}) => h('input', {name, value: now[name] ?? '', autocomplete: 'off', ...attributes});
    const groups = h('datalist', {id: 'edit-groups'}), size = h('select', {name: 'max_size'}), sub = h('select', {name: 'sub_size'});
    groupsOf(groups, cameras());
    sizeOptions(size, now.max_size);
    subOptions(sub, now.sub_size);
    const empty = t('console.edit.default_hint');
    fill(form, h('div', {class: 'fields'}, field(t('console.new.name'), input('name', {required: true, maxlength: 30})), field(t('console.edit.group'), input('group', {list: 'edit-groups', maxlength: 30})), groups),
      field(t('console.new.url'), input('url', {required: true, autocapitalize: 'none', spellcheck: 'false'}), t('console.new.url_hint')),
      h('div', {class: 'fields'}, field(t('console.new.user'), input('user', {autocapitalize: 'none', spellcheck: 'false'})),
        field(t('console.new.password'), h('input', {name: 'password', type: 'password', autocomplete: 'new-password'}), now.has_password && t('console.edit.password_keeps'))),
      field(t('console.new.mask'), choices([['', t('console.new.mask_default')], ...['blur', 'mosaic', 'solid'].map(mask => [mask, t('cli.mask.' + mask)])], now.mask, {name: 'mask'})),
      h('details', {}, h('summary', {}, t('console.new.more')), h('div', {class: 'stack'}, h('div', {class: 'fields'},
        field(t('console.new.transport'), choices([['auto', t('console.new.transport_auto')], ['tcp', 'TCP'], ['udp', 'UDP'], ['http', t('console.new.transport_http')]], now.transport || 'auto', {name: 'transport'})),
        field(t('console.edit.max_size'), size), field(t('console.edit.sub_size'), sub),
        field(t('console.edit.sub_fps'), input('sub_fps', {type: 'number', min: 1, max: 30, value: now.sub_fps || ''}), empty),
        field(t('console.edit.look_ahead'), input('look_ahead_ms', {type: 'number', min: 0, max: 1000}), empty),
        field(t('console.edit.rate_cap'), input('rate_cap', {type: 'number', min: 0, max: 10, step: 'any'}), empty)),
      h('label', {class: 'choice plain'}, h('input', {type: 'checkbox', name: 'insecure_tls', checked: now.insecure_tls}), h('span', {}, t('console.new.insecure'))))),
      h('div', {class: 'stack tight', id: 'edit-told', role: 'status'}), h('p', {class: 'wrong', role: 'alert'}),
      h('div', {class: 'row'}, h('button', {class: 'button first', id: 'edit-save'}, t('console.save')), h('button', {class: 'button', type: 'button', id: 'edit-test', onclick: event => busy(event.currentTarget, test)}, t('console.new.test')),
        h('button', {class: 'button quiet', type: 'button', id: 'edit-cancel', onclick: close}, t('console.cancel'))));
  }

  function close() {
    form.hidden = true;
    opener.hidden = false;
    opener.focus();
  }

  // said is what differs from what is stored: what is not said stays.
  function said() {
    const v = values(form), change = {};
    const figure = (name, none) => { const n = v[name] === '' ? none : Number(v[name]); if (n !== (now[name] ?? none)) change[name] = n; };
    for (const name of ['name', 'group', 'url', 'user', 'mask', 'max_size', 'sub_size']) if (v[name].trim() !== (now[name] ?? '')) change[name] = v[name].trim();
    if (v.transport !== (now.transport || 'auto')) change.transport = v.transport;
    if (v.password) change.password = v.password;
    if (form.insecure_tls.checked !== now.insecure_tls) change.insecure_tls = form.insecure_tls.checked;
    if (form.elements.basic_login?.checked) change.basic_login = true;
    figure('sub_fps', 0);
    figure('look_ahead_ms', -1);
    figure('rate_cap', -1);
    return change;
  }

  const linked = change => JSON.stringify(link.map(name => change[name]));

  // test tries the camera as the form says it; true: it works, and there is nothing left to choose.
  async function test() {
    const change = said(), box = $('#edit-told');
    let probe;
    fill(box);
    form.querySelector('.wrong').textContent = '';
    try { probe = await api('POST', path + '/test', change); }
    catch (error) {
      if (!error.reason) { form.querySelector('.wrong').textContent = error.message; return false; }
      fill(box, failure(error, {basic: basicBox, use: location => { form.url.value = location; busy($('#edit-test'), test); }}),
        passing.includes(error.reason) && /:\/\//.test(form.url.value) ? anyway() : null);
      return false;
    }
    const found = probe.streams ?? [];
    if (probe.url) form.url.value = probe.url;
    const tried = said();
    if (probe.fingerprint && !now.fingerprint) tried.fingerprint = probe.fingerprint; // of the very device that was tried
    proved = linked(tried);
    pin = tried.fingerprint;
    fill(box, note('good', t('console.new.works'), ' ', saw(probe),
      found.length ? h('div', {class: 'small'}, foundStream(found[0])) : null), found.length > 1 ? streamChoice(found, probe.url, url => { form.url.value = url; }) : null);
    return found.length < 2;
  }
  let pin;

  function anyway() {
    return h('div', {class: 'stack tight'}, h('p', {class: 'small'}, t('console.edit.anyway_about')),
      h('div', {class: 'row'}, h('button', {class: 'button', type: 'button', id: 'edit-anyway', onclick: event => busy(event.currentTarget, () => save(said())).catch(error => { form.querySelector('.wrong').textContent = error.message; })}, t('console.edit.anyway'))));
  }

  async function save(change) {
    if (Object.keys(change).length) await api('PUT', path, change);
    tell(t('console.saved'));
    proved = '';
    close();
    changed();
  }

  onSubmit(form, async () => {
    let change = said();
    const connects = link.some(name => name in change);
    if (connects && linked({...change, fingerprint: pin}) !== proved && !await test()) return;
    change = said();
    if (connects && pin) change.fingerprint = pin;
    await save(change);
  });

  if (location.hash === '#edit') open();
}
