import {api, h, t, $, fill, note, field, onSubmit, values, confirm, when} from '/static/app.js';
import {upload} from '/static/progress.js';

// A restore in three steps: send the file, see what is in it, say yes with the password. The gateway
// begins anew with it, and so does this page.
const box = () => $('#restoring');

// preview says what is in the backup and what becomes of what is here.
function preview(id, seen) {
  const names = seen.cameras.join(', ') || t('console.upkeep.restore.none');
  const rows = [[t('console.upkeep.restore.of'), `${seen.gateway} (${seen.version})`], [t('console.upkeep.restore.made'), when(seen.created)], [t('console.upkeep.restore.cams'), names],
    [t('console.upkeep.restore.holds'), t('console.upkeep.restore.counts', seen.consents, seen.records, seen.users)]];
  const warnings = [seen.lost.length ? t('console.upkeep.restore.lost', seen.lost.join(', ')) : '', t('console.upkeep.restore.set', when(seen.created)),
    seen.continued ? t('console.upkeep.restore.stays') : t('console.upkeep.restore.back'), t('console.upkeep.restore.held', seen.withdrawn), t('console.upkeep.restore.ends')].filter(Boolean);
  const form = h('form', {id: 'restore-take', class: 'stack'}, field(t('console.upkeep.password'), h('input', {name: 'password', type: 'password', autocomplete: 'current-password', required: true})),
    h('p', {class: 'wrong', role: 'alert'}), h('div', {class: 'row'}, h('button', {class: 'button danger'}, t('console.upkeep.restore.do'))));
  fill(box(), h('h3', {}, t('console.upkeep.restore.in')), h('dl', {class: 'facts'}, rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
    note('warn', h('ul', {}, warnings.map(one => h('li', {}, one)))), form);
  onSubmit(form, async () => {
    if (!await confirm(t('console.upkeep.restore.sure', when(seen.created)), t('console.upkeep.restore.ends'), t('console.upkeep.restore.do'))) return;
    await api('POST', '/v1/restore/take', {id, password: values(form).password});
    await comeBack();
  });
}

// comeBack waits until the gateway has ended the sessions and answers again.
async function comeBack() {
  $('#restore').hidden = true;
  fill(box(), note('warn', t('console.upkeep.restore.wait')));
  for (const until = Date.now() + 120_000; Date.now() < until;) {
    await new Promise(resolve => setTimeout(resolve, 1000));
    try {
      const response = await fetch('/api/v1/session', {cache: 'no-store'});
      const session = await response.json();
      if (response.ok && !session.user) {
        fill(box(), note('good', t('console.upkeep.restore.login')));
        return location.assign('/login');
      }
    } catch { /* it is on its way down or up */ }
  }
  fill(box(), note('bad', t('console.upkeep.restore.long')));
}

export function startRestore() {
  const form = $('#restore');
  const secret = field(t('console.upkeep.passphrase'), h('input', {name: 'passphrase', type: 'password', autocomplete: 'off'}), t('console.upkeep.restore.needs'));
  secret.hidden = true;
  let sent = null;
  const file = h('input', {name: 'file', type: 'file', required: true, onchange: () => { sent = null; secret.hidden = true; form.passphrase.value = ''; fill(box()); }});
  fill(form, field(t('console.upkeep.restore.file'), file), secret, h('p', {class: 'wrong', role: 'alert'}), h('div', {class: 'row'}, h('button', {class: 'button'}, t('console.upkeep.restore.look'))));
  onSubmit(form, async () => {
    sent ??= await upload(box(), '/v1/restore/upload', file.files[0], t('console.upkeep.restore.proof'));
    fill(box());
    if (sent.sealed && !form.passphrase.value) {
      secret.hidden = false;
      form.passphrase.focus();
      return;
    }
    try {
      const seen = await api('POST', '/v1/restore/inspect', {id: sent.id, passphrase: form.passphrase.value});
      preview(sent.id, seen);
    } catch (error) {
      if (error.code === 'not_found') sent = null; // it is not here any more
      throw error;
    }
  });
}
