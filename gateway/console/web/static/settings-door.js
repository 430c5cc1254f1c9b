// How browsers come in: the certificate of these pages, and the login provider.
import {api, h, t, $, fill, note, field, onSubmit, values, confirm, tell, day, copied} from '/static/app.js';
import {roleChoice} from '/static/settings-people.js';
import {eyes} from '/static/secret.js';

const facts = rows => h('dl', {class: 'facts'}, rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
const wrong = () => h('p', {class: 'wrong', role: 'alert'});
const file = (name, accept) => h('input', {type: 'file', name, accept, required: true});

export async function certificate() {
  const now = await api('GET', '/v1/certificate');
  const ended = new Date(now.until) < Date.now();
  const rows = [[t('console.cert.source'), t('console.cert.source.' + now.source)], [t('console.cert.names'), now.names.join(', ')], [t('console.cert.until'), ended ? t('console.cert.ended', day(now.until)) : day(now.until)],
    [t('console.cert.next'), now.renews ? t('console.cert.renews', day(now.renews)) : t('console.cert.by_hand')], [t('console.cert.print'), h('span', {class: 'mono'}, now.fingerprint.toUpperCase().match(/../g).join(':'))]];
  const box = $('#certificate');
  if (now.source === 'file') return fill(box, facts(rows), note('idle', t('console.cert.file_wins', now.file)));
  const form = h('form', {id: 'certificate-form'}, h('div', {class: 'fields'}, field(t('console.cert.chain'), file('chain', '.pem,.crt,.cer'), t('console.cert.chain_hint')), field(t('console.cert.key'), file('key', '.pem,.key'), t('console.cert.key_hint'))),
    wrong(), h('div', {class: 'row'}, h('button', {class: 'button'}, t('console.cert.put'))));
  onSubmit(form, () => put(form));
  fill(box, facts(rows), h('details', {}, h('summary', {}, t('console.cert.own')), form),
    now.source === 'uploaded' && h('div', {class: 'row'}, h('button', {class: 'button danger', type: 'button', id: 'certificate-remove', onclick: back}, t('console.cert.remove'))));
}

async function put(form) {
  const [chain, key] = await Promise.all([form.chain.files[0].text(), form.key.files[0].text()]);
  try { await api('PUT', '/v1/certificate', {chain, key}); }
  catch (error) {
    if (error.code !== 'other_name') throw error;
    if (!await confirm(t('console.cert.other_sure'), error.message, t('console.cert.put'))) return;
    await api('PUT', '/v1/certificate', {chain, key, other_name: true});
  }
  tell(t('console.cert.in_force'));
  await certificate();
}

async function back() {
  if (!await confirm(t('console.cert.remove_sure'), t('console.cert.remove_about'), t('console.cert.remove'))) return;
  try { await api('DELETE', '/v1/certificate'); await certificate(); } catch (error) { tell(error.message, 'bad'); }
}

export async function signOn() {
  const [now, waiting] = await Promise.all([api('GET', '/v1/signon'), api('GET', '/v1/signon/requests')]);
  const input = (name, attributes) => h('input', {name, value: now[name] ?? '', maxlength: 400, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', ...attributes});
  const home = input('console', {value: now.console || location.origin, required: true, type: 'url'}), back = h('div', {});
  const show = () => fill(back, copied(home.value.replace(/\/$/, '') + '/signon/return'));
  home.addEventListener('input', show);
  show();
  const form = h('form', {id: 'signon-form'}, h('div', {class: 'fields'},
    field(t('console.signon.issuer'), input('issuer', {type: 'url', required: true, placeholder: 'https://login.example.com'}), t('console.signon.issuer_hint')),
    field(t('console.signon.client'), input('client_id', {required: true})),
    field(t('console.signon.secret'), h('input', {name: 'secret', type: 'password', autocomplete: 'off', maxlength: 400}), now.issuer ? t('console.signon.secret_hint') : undefined),
    field(t('console.signon.label'), input('label'), t('console.signon.label_hint')),
    field(t('console.signon.console'), home, t('console.signon.console_hint'))),
  h('div', {class: 'stack tight'}, h('p', {}, t('console.signon.return')), back), wrong(),
  h('div', {class: 'row'}, h('button', {class: 'button'}, t('console.save')), now.issuer && h('button', {class: 'button danger', type: 'button', id: 'signon-remove', onclick: removeSignOn}, t('console.signon.remove'))));
  eyes(form);
  onSubmit(form, async () => { await api('PUT', '/v1/signon', values(form)); tell(t('console.saved')); await signOn(); });
  fill($('#signon'), now.issuer ? note('good', t('console.signon.is_on', now.label || new URL(now.issuer).host)) : null, waiting.length ? h('h3', {}, t('console.signon.waiting')) : null,
    waiting.length ? h('ul', {class: 'list', id: 'signon-waiting'}, waiting.map(request)) : null, h('details', {open: !!location.hash.match(/signon/)}, h('summary', {}, t('console.signon.settings')), form));
}

// request is somebody who waits for a role. The name is what the provider calls them; the
// subject is whom the account will be for.
function request(one) {
  const form = h('form', {'data-request': one.id}, h('p', {}, h('strong', {}, one.name || one.subject), ' ', h('span', {class: 'soft small'}, t('console.signon.subject', one.subject, day(one.since)))),
    h('div', {class: 'fields'}, field(t('console.field.user'), h('input', {name: 'user', required: true, maxlength: 64, value: one.name.replace(/[\s/\\%?#"<>&]+/g, '-'), autocomplete: 'off'})), field(t('console.user.role'), roleChoice('viewer', {name: 'role'}), t('console.role.about'))),
    wrong(), h('div', {class: 'row'}, h('button', {class: 'button first'}, t('console.signon.accept')), h('button', {class: 'button danger', type: 'button', onclick: () => refuse(one)}, t('console.signon.refuse'))));
  onSubmit(form, async () => { await api('POST', '/v1/signon/requests/' + one.id, values(form)); tell(t('console.saved')); location.reload(); });
  return h('li', {}, form);
}

async function refuse(one) {
  if (!await confirm(t('console.signon.refuse_sure', one.name || one.subject), t('console.signon.refuse_about'), t('console.signon.refuse'))) return;
  try { await api('DELETE', '/v1/signon/requests/' + one.id); await signOn(); } catch (error) { tell(error.message, 'bad'); }
}

async function removeSignOn() {
  if (!await confirm(t('console.signon.remove_sure'), t('console.signon.remove_about'), t('console.signon.remove'))) return;
  try { await api('DELETE', '/v1/signon'); await signOn(); } catch (error) { tell(error.message, 'bad'); }
}
