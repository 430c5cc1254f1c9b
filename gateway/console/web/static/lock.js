import {api, h, t, has, $, fill, note, state, busy, onSubmit, field, confirm, tell, when, today} from '/static/app.js';

// What the law or the camera keeps from a lock stands in the panel, in words.
const refused = error => fill($('#lock-done'), note('warn', error.message));

const level = word => has('console.lock.level.' + word.toLowerCase()) ? t('console.lock.level.' + word.toLowerCase()) : word;

// lockPanel says who else can log in at a camera, and sets new passwords there.
export function lockPanel(id, path) {
  const load = async () => {
    const lock = await api('GET', path + '/lock');
    const around = lock.bypass?.map(way => t('console.lock.bypass.' + way)).join(', ');
    const mine = lock.accounts.some(account => account.locked);
    fill($('#lock-state'), h('div', {class: 'row'}, lock.locked ? state('good', t('console.lock.locked', when(lock.since))) : state('idle', t('console.lock.unlocked'))),
      around && note('bad', t('console.lock.bypass', around)),
      lock.pending && note('warn', t('console.lock.pending')),
      lock.checked && h('p', {class: 'soft small'}, t('console.lock.checked', when(lock.checked))));
    fill($('#lock-acts'), h('button', {class: 'button', type: 'button', id: 'lock-ask', onclick: event => ask(event.currentTarget)}, t('console.lock.ask')),
      lock.locked && h('button', {class: 'button', type: 'button', id: 'lock-undo', onclick: event => undo(event.currentTarget)}, t('console.lock.undo')),
      mine && h('button', {class: 'button', type: 'button', id: 'lock-forget', onclick: event => forget(event.currentTarget)}, t('console.lock.forget')));
  };

  const address = h('input', {name: 'address', maxlength: 300, placeholder: 'https://192.0.2.7/onvif/device_service'});
  fill($('#lock-where'), h('summary', {}, t('console.lock.where')), field(t('console.lock.address'), address, t('console.lock.address_hint')));

  // ask lists the accounts, to tick those that are to be locked out.
  const ask = button => busy(button, async () => {
    fill($('#lock-done'));
    try { choose(await api('POST', path + '/accounts', {address: address.value.trim()})); }
    catch (error) { refused(error); }
  });

  const choose = all => {
    const box = account => h('label', {class: 'choice'},
      h('input', {type: 'checkbox', name: 'account', value: account.name, checked: account.own, disabled: account.own}),
      h('span', {}, h('strong', {}, account.name), h('span', {class: 'small soft'}, [level(account.level), account.own && t('console.lock.own'), account.locked && t('console.lock.ours')].filter(Boolean).join(' · '))));
    const form = h('form', {id: 'lock-form', class: 'stack tight'}, h('fieldset', {}, h('legend', {}, t('console.lock.choose')), h('div', {class: 'choices'}, all.accounts.map(box))),
      !all.encrypted && note('warn', t('console.lock.plain_about')),
      h('p', {class: 'wrong', role: 'alert'}), h('div', {class: 'row'}, h('button', {class: 'button danger', id: 'lock-do'}, t('console.lock.do'))));
    onSubmit(form, async () => {
      if (!await confirm(t('console.lock.sure'), t('console.lock.sure_about'), t('console.lock.do'))) return;
      if (!all.encrypted && !await confirm(t('console.lock.plain'), t('console.lock.plain_about'), t('console.lock.plain_do'))) return;
      const accounts = [...form.querySelectorAll('[name=account]:checked:not(:disabled)')].map(one => one.value);
      done(await api('POST', path + '/lock', {accounts, plain: !all.encrypted, address: address.value.trim()}));
      await load();
    });
    fill($('#lock-done'), form);
  };

  // done gives the recovery sheet, which nobody gives a second time.
  const done = result => {
    const page = new Blob([Uint8Array.from(atob(result.sheet), one => one.charCodeAt(0))], {type: 'text/html'});
    fill($('#lock-done'), note('good', t('console.lock.done')),
      h('div', {class: 'row'}, h('a', {class: 'button first', id: 'lock-sheet', href: URL.createObjectURL(page), download: `bauta-lock-${id}-${today()}.html`}, t('console.lock.sheet'))),
      failed(result));
  };
  const failed = result => result.failed?.map(one => note('warn', t('console.lock.failed', one.name, one.message)));

  const undo = button => busy(button, async () => {
    if (!await confirm(t('console.lock.undo_sure'), t('console.lock.undo_about'), t('console.lock.undo'))) return;
    try {
      const result = await api('POST', path + '/unlock', {});
      fill($('#lock-done'), note('good', t('console.lock.undone')), result.accounts.length && note('warn', t('console.lock.by_hand', result.accounts.join(', '))), failed(result));
      await load();
    } catch (error) { refused(error); }
  });

  const forget = button => busy(button, async () => {
    if (!await confirm(t('console.lock.forget_sure'), t('console.lock.forget_about'), t('console.lock.forget'))) return;
    try { await api('POST', path + '/unlock', {forget: true}); fill($('#lock-done')); tell(t('console.saved')); await load(); }
    catch (error) { refused(error); }
  });

  return load();
}
