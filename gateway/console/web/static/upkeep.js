import {api, call, h, t, $, fill, state, note, field, choices, busy, onSubmit, values, tell, day, isManager, ready} from '/static/app.js';
import {save, stamp} from '/static/download.js';
import {startRestore} from '/static/upkeep-restore.js';
import {startLog} from '/static/upkeep-log.js';
import {packageState} from '/static/upkeep-banner.js';

const tones = {warning: 'warn', missing: 'bad'};

// The doctor's lines; what needs a look comes first.
async function doctor() {
  const all = await api('GET', '/v1/doctor');
  const bad = all.filter(one => one.verdict !== 'ok').sort((a, b) => (a.verdict !== 'missing') - (b.verdict !== 'missing')), good = all.filter(one => one.verdict === 'ok');
  const open = $('#doctor details')?.open;
  fill($('#doctor'), h('p', {}, state(bad.length ? 'warn' : 'good', bad.length ? t('console.upkeep.doctor.some', bad.length) : t('console.upkeep.doctor.none'))),
    h('ul', {class: 'list'}, bad.map(one => h('li', {class: 'stack tight', 'data-verdict': one.verdict},
      h('div', {class: 'row'}, h('strong', {}, one.check), state(tones[one.verdict], t('console.upkeep.doctor.' + one.verdict))), h('span', {}, one.text)))),
    h('details', {open}, h('summary', {}, t('console.upkeep.doctor.good', good.length)), h('dl', {class: 'facts'}, good.flatMap(one => [h('dt', {}, one.check), h('dd', {'data-verdict': 'ok'}, one.text)]))));
}

const version = async () => fill($('#package'), packageState((await api('GET', '/v1/status')).gateway.update));

// How hard a passphrase is to guess, by its length and how many kinds of signs or words it has.
function strength(text) {
  const words = text.trim().split(/\s+/).filter(word => word.length > 2).length, signs = new Set(text).size;
  if (new TextEncoder().encode(text).length < 8) return 'short';
  if (text.length >= 20 && (words >= 4 || signs >= 14)) return 'strong';
  return text.length >= 14 && signs >= 9 || words >= 3 ? 'fair' : 'weak';
}
const strengthTones = {short: 'bad', weak: 'warn', fair: 'warn', strong: 'good'};

// Two fields for a new passphrase, with a word on how good it is.
function passphrase(hint, required) {
  const first = h('input', {name: 'passphrase', type: 'password', autocomplete: 'new-password', required}), again = h('input', {name: 'again', type: 'password', autocomplete: 'new-password', required});
  const word = h('p', {class: 'strength', role: 'status'});
  first.addEventListener('input', () => { const is = strength(first.value); fill(word, first.value ? state(strengthTones[is], t('console.upkeep.strength.' + is)) : null); });
  return [h('div', {class: 'fields'}, field(t('console.upkeep.passphrase'), first, hint), field(t('console.upkeep.again'), again)), word];
}
const password = () => field(t('console.upkeep.password'), h('input', {name: 'password', type: 'password', autocomplete: 'current-password', required: true}), t('console.upkeep.password_about'));
const same = form => { if (form.passphrase.value !== form.again.value) throw new Error(t('console.upkeep.differ')); };
const end = button => [h('p', {class: 'wrong', role: 'alert'}), h('div', {class: 'row'}, button)];

function backup() {
  const form = $('#backup');
  fill(form, passphrase(t('console.upkeep.passphrase_hint'), true), password(), end(h('button', {class: 'button first'}, t('console.upkeep.backup.do'))), h('div', {id: 'backed-up', role: 'status'}));
  onSubmit(form, async () => {
    same(form);
    const {passphrase, password} = values(form);
    const blob = await (await call('POST', '/v1/backup/sealed', {passphrase, password})).blob();
    save(blob, `bauta-${stamp()}.bauta`);
    form.reset();
    fill($('.strength'));
    fill($('#backed-up'), note('good', t('console.upkeep.backup.done', Math.ceil(blob.size / 1024))));
    await plan();
  });
}

async function plan() {
  const {last, due, plan, problem} = await api('GET', '/v1/backups');
  const days = last && Math.floor((Date.now() - new Date(last)) / 86400e3);
  const said = last ? t('console.upkeep.backup.last', days ? t('console.upkeep.backup.ago', day(last), days) : day(last)) : t('console.upkeep.backup.never');
  fill($('#backup-age'), note(due || !last ? 'warn' : 'good', said, due ? h('p', {}, t('console.upkeep.backup.due')) : null));
  fill($('#plan-state'), h('p', {}, plan.folder ? t('console.upkeep.plan.on', t('console.upkeep.plan.on_' + plan.every), plan.folder, plan.keep) : t('console.upkeep.plan.off')), problem ? note('bad', t('console.upkeep.plan.failed', problem)) : null);
  const form = $('#plan');
  fill(form, h('div', {class: 'fields'},
    field(t('console.upkeep.plan.folder'), h('input', {name: 'folder', value: plan.folder, required: true, autocomplete: 'off'}), t('console.upkeep.plan.hint')),
    field(t('console.upkeep.plan.every'), choices([['day', t('console.upkeep.plan.day')], ['week', t('console.upkeep.plan.week')]], plan.every || 'week', {name: 'every'})),
    field(t('console.upkeep.plan.keep'), h('input', {name: 'keep', type: 'number', min: 1, max: 100, value: plan.keep || 8, required: true}))),
  passphrase(plan.folder ? t('console.upkeep.plan.same') : t('console.upkeep.passphrase_hint'), !plan.folder), password(), end([h('button', {class: 'button'}, t('console.upkeep.plan.save')),
    plan.folder ? h('button', {class: 'button danger', name: 'end', value: '1'}, t('console.upkeep.plan.end')) : null].filter(Boolean)));
}

function planned() {
  const form = $('#plan');
  // The button that ends it needs the password alone.
  form.addEventListener('click', event => { if (event.target.name === 'end') { form.folder.value = ''; form.folder.required = false; } });
  onSubmit(form, async () => {
    same(form);
    const {folder, every, keep, passphrase, password} = values(form);
    await api('PUT', '/v1/backups/plan', {folder, every, keep: Number(keep), passphrase, password});
    tell(t(folder ? 'console.upkeep.plan.saved' : 'console.upkeep.plan.ended'));
    await plan();
  });
}

async function bundle(button) {
  try { await busy(button, async () => save(await (await call('GET', '/v1/bundle')).blob(), `bauta-support-${stamp()}.zip`)); } catch (error) { tell(error.message, 'bad'); }
}

// A link of another page may lead to the plan.
if (location.hash === '#plan-box') $('#plan-box').open = true;
const failed = error => tell(error.message, 'bad');
if (isManager) {
  $('#doctor-again').addEventListener('click', event => busy(event.currentTarget, doctor).catch(failed));
  $('#bundle').addEventListener('click', event => bundle(event.currentTarget));
  backup();
  planned();
  startRestore();
  ready();
  await Promise.all([doctor().catch(error => fill($('#doctor'), note('bad', error.message))), plan().catch(failed), version().catch(failed), startLog().catch(failed)]);
} else ready();
