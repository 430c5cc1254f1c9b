import {api, h, t, $, fill, field, choices, onSubmit, oneLine, tell, when, note, role, isManager, lang} from '/static/app.js';
import {sha256} from '/static/forms.js';

// An answer may have 1000 bytes, of which a Chinese character takes three.
const longest = lang === 'zh-CN' ? 330 : 900;

function form(violation, done) {
  const line = (name, hint) => field(t('console.violation.' + name), h('input', {name, maxlength: longest, required: true}), hint && t(hint));
  const place = violation.kind === 'prohibited_place';
  const element = h('form', {'data-close': violation.id}, h('div', {class: 'fields'}, line('cause', 'console.violation.cause_hint'), line('measure'),
    field(t('console.violation.proof'), h('input', {name: 'proof', type: 'file', required: true}), t('console.violation.proof_hint')),
    place && line('police'),
    place && field(t('console.violation.footage'), choices([['', t('console.facts.choose')], ['yes', t('console.violation.footage.yes')], ['no', t('console.violation.footage.no')]], '', {name: 'footage', required: true}))),
    h('p', {class: 'wrong', role: 'alert'}), h('div', {class: 'row'}, h('button', {class: 'button first'}, t('console.violation.close')), h('button', {class: 'button', type: 'button', onclick: done}, t('console.cancel'))));
  onSubmit(element, async () => {
    const {cause, measure, proof, police, footage} = element.elements;
    await api('POST', `/v1/violations/${encodeURIComponent(violation.id)}/close`, {cause: oneLine(cause.value), measure: oneLine(measure.value), proof: await sha256(proof.files[0]),
      ...place && {police: oneLine(police.value), footage_deleted: footage.value === 'yes'}});
    tell(t('console.violation.closed_now'));
    await done(true);
  });
  return element;
}

// violations shows what is open and how to close it; closed is called once one is.
export async function violations(places, closed) {
  if (!['auditor', 'manager'].includes(role)) { $('#violations').hidden = true; return; }
  const list = $('#violations-open');
  const row = violation => {
    const act = h('div', {});
    const button = () => fill(act, !isManager ? null : violation.id ? h('button', {class: 'button', type: 'button', 'data-violation': violation.id, onclick: open}, t('console.violation.close')) : t('console.violation.waits'));
    const open = () => { fill(act, form(violation, async ended => { if (!ended) return button(); await load(); closed(); })); act.querySelector('input').focus(); };
    button();
    return h('li', {class: 'stack tight'}, h('h3', {}, t('violation.' + violation.kind)),
      h('p', {}, t('console.violation.seen', violation.name || violation.camera, violation.since.startsWith('0001') ? '?' : when(violation.since), violation.count), violation.place ? ' · ' + (places[violation.place] ?? violation.place) : ''), act);
  };
  const load = async () => {
    const open = (await api('GET', '/v1/violations')).filter(violation => !violation.closing);
    fill(list, open.length ? open.map(row) : h('li', {class: 'soft'}, t('console.violation.none')));
  };
  try { await load(); } catch (error) { fill(list, h('li', {}, note('warn', error.message))); }
}
