// The own second factor: set up, replaced, taken away.
import {api, h, t, fill, note, field, onSubmit, values, copied, tell, confirm} from '/static/app.js';
import {eyes} from '/static/secret.js';

const codeField = attributes => field(t('console.second.code'), h('input', {name: 'code', autocomplete: 'one-time-code', autocapitalize: 'none', spellcheck: 'false', ...attributes}), t('console.second.code_hint'));

// factor fills a box with how the second factor stands; done is called once it is set up.
export function factor(box, session, done) {
  if (session.by === 'provider') return fill(box, h('p', {class: 'soft'}, t('console.second.provider')));
  const on = session.by === 'second';
  const form = h('form', {id: 'factor-form'}, h('div', {class: 'fields'},
    field(t('console.user.old'), h('input', {name: 'password', type: 'password', autocomplete: 'current-password', required: true})), on ? codeField({required: true}) : null),
  h('p', {class: 'wrong', role: 'alert'}),
  h('div', {class: 'row'}, h('button', {class: on ? 'button' : 'button first', id: 'factor-begin'}, t(on ? 'console.second.replace' : 'console.second.begin')),
    on && h('button', {class: 'button danger', id: 'factor-off', value: 'off'}, t('console.second.off'))));
  let pressed;
  form.addEventListener('click', event => { pressed = event.target.closest('button:not([type=button])') ?? pressed; });
  onSubmit(form, async () => {
    if (pressed?.value !== 'off') return proveApp(box, await api('POST', '/v1/session/second', values(form)), session, done);
    if (!await confirm(t('console.second.off_sure'), t('console.second.off_about'), t('console.second.off'))) return;
    await api('DELETE', '/v1/session/second', values(form));
    tell(t('console.saved'));
    factor(box, {...session, by: 'password'}, done);
  });
  fill(box, note(on ? 'good' : 'idle', t(on ? 'console.second.is_on' : 'console.second.about')), form);
  eyes(form);
}

// proveApp shows what the app reads, and asks for its first code.
function proveApp(box, made, session, done) {
  const form = h('form', {id: 'factor-confirm'}, codeField({required: true, inputmode: 'numeric', maxlength: 7}), h('p', {class: 'wrong', role: 'alert'}),
    h('div', {class: 'row'}, h('button', {class: 'button first'}, t('console.second.confirm'))));
  onSubmit(form, async () => recovery(box, (await api('POST', '/v1/session/second/confirm', {code: values(form).code})).recovery, session, done));
  fill(box, h('p', {}, t('console.second.scan')),
    h('img', {class: 'qr', src: 'data:image/svg+xml,' + encodeURIComponent(made.code), alt: t('console.second.picture')}),
    h('details', {}, h('summary', {}, t('console.second.by_hand')), copied(made.secret)), form);
  form.code.focus();
}

// recovery shows the codes this once.
function recovery(box, codes, session, done) {
  const head = h('h3', {tabindex: -1}, t('console.second.recovery'));
  fill(box, head, note('warn', t('console.second.recovery_about')), h('ul', {class: 'list mono', id: 'recovery'}, codes.map(code => h('li', {}, code))), copied(codes.join(' ')),
    h('div', {class: 'row'}, h('button', {class: 'button first', type: 'button', id: 'factor-done', onclick: () => {
      factor(box, {...session, by: 'second'}, done);
      done?.();
    }}, t('console.second.kept'))));
  head.focus();
}
