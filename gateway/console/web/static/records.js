import {api, h, t, lang, fill, icon, field, choices, onSubmit, oneLine, tell, today, day, note, isManager, has} from '/static/app.js';

// The records that a manager keeps, and what each asks for. A file is never
// sent: its SHA-256 alone is kept.
const items = ['lawfulness', 'necessity', 'precision', 'measures', 'risks', 'harm'];
export const kinds = {
  sign: [['place', 'line'], ['camera', 'camera'], ['date', 'date'], ['photo', 'hash'], ['layer', 'choice', ['1', '2']], ['link', 'line', false]],
  assessment: [...items.map(item => [item, 'item']), ['date', 'date'], ['review', 'date', 365], ['file', 'hash']],
  filing: [['of', 'choice', ['system', 'enrolment']], ['date', 'date'], ['receipt', 'line', false]],
  devicetest: [['camera', 'camera', true], ['date', 'date'], ['passed', 'check'], ['note', 'line', false]],
  complaint: [['date', 'date'], ['content', 'line'], ['closed', 'date', null], ['answer', 'line', false]],
  inspection: [['date', 'date'], ['found', 'line'], ['reported', 'date', null]],
  retention: [['camera', 'camera'], ['date', 'date'], ['hours', 'days'], ['reason', 'line', false]],
  export: [['date', 'date'], ['camera', 'camera'], ['reason', 'line'], ['content', 'line'], ['unit', 'line'], ['name', 'line'], ['purpose', 'purpose'], ['public', 'check'], ['masked', 'check']],
};

export async function sha256(file) {
  const sum = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(sum)].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

const label = (kind, name) => t(has(`console.record.${kind}.${name}`) ? `console.record.${kind}.${name}` : 'console.record.field.' + name);
const help = (kind, name) => has(`console.record.${kind}.${name}_hint`) ? t(`console.record.${kind}.${name}_hint`) : undefined;

// An answer may have 1000 bytes, of which a Chinese character takes three.
const longest = lang === 'zh-CN' ? 330 : 900;

function control([name, type, more], {cameras, purposes}) {
  switch (type) {
    case 'line': return h('input', {name, maxlength: 300, required: more !== false});
    case 'item': return h('textarea', {name, maxlength: longest, required: true});
    case 'date': return h('input', {name, type: 'date', required: more !== null, value: more === null ? '' : today(more ?? 0)});
    case 'days': return h('input', {name, type: 'number', min: 1, max: 3660, required: true, value: 30});
    case 'hash': return h('input', {name, type: 'file', required: true});
    case 'check': return h('input', {name, type: 'checkbox'});
    case 'choice': return choices(more.map(word => [word, t('console.record.choice.' + word)]), more[0], {name});
    case 'camera': return choices([...more ? [] : [['', t('console.record.all_cameras')]], ...cameras.map(camera => [camera.id, camera.name])], more ? cameras[0]?.id : '', {name});
    case 'purpose': return choices(purposes, purposes[0]?.[0], {name});
  }
}

async function read(kind, form) {
  const record = {};
  for (const [name, type] of kinds[kind]) {
    const value = form.elements[name];
    if (type === 'check') record[name] = value.checked;
    else if (type === 'hash') record[name] = await sha256(value.files[0]);
    else if (type === 'days') record.hours = Number(value.value) * 24;
    else if (type === 'item') (record.items ??= {})[name] = oneLine(value.value);
    else if (value.value.trim()) record[name] = name === 'layer' ? Number(value.value) : value.value.trim();
  }
  return record;
}

const summary = (kind, record) => {
  const parts = kinds[kind].filter(([name, type]) => ['line', 'choice', 'camera', 'purpose'].includes(type) && record[name]).slice(0, 2).map(([name, type]) => type === 'choice' ? t('console.record.choice.' + record[name]) : record[name]);
  if (kind === 'retention') parts.push(t('console.record.kept', record.hours / 24));
  if (kind === 'devicetest') parts.push(t(record.passed ? 'console.record.passed' : 'console.record.not_passed'));
  return parts.join(' · ');
};

// section shows the records of one kind and the form for another one.
export function section(kind, context) {
  const list = h('ul', {class: 'list'}), place = h('div', {});
  const fieldOf = one => one[1] === 'check'
    ? h('label', {class: 'choice plain'}, control(one, context), h('span', {}, label(kind, one[0])))
    : field(label(kind, one[0]), control(one, context), help(kind, one[0]));
  const open = () => {
    const wide = kinds[kind].filter(one => one[1] === 'item'), rest = kinds[kind].filter(one => one[1] !== 'item');
    const form = h('form', {'data-record': kind}, wide.map(fieldOf), h('div', {class: 'fields'}, rest.map(fieldOf)), h('p', {class: 'wrong', role: 'alert'}),
      h('div', {class: 'row'}, h('button', {class: 'button first'}, t('console.record.keep')), h('button', {class: 'button', type: 'button', onclick: () => fill(place, button)}, t('console.cancel'))));
    onSubmit(form, async () => {
      await api('POST', '/v1/records/' + kind, await read(kind, form));
      fill(place, button);
      tell(t('console.record.kept_now'));
      button.focus();
      await load();
      context.changed();
    });
    fill(place, form);
    form.querySelector('input, textarea, select').focus();
  };
  const button = h('button', {class: 'button', type: 'button', 'data-add': kind, onclick: open}, icon('plus'), t(`console.record.${kind}.add`));
  if (isManager) fill(place, button);
  const load = async () => {
    const all = await api('GET', '/v1/records/' + kind);
    count.textContent = all.length ? ` (${all.length})` : '';
    fill(list, all.slice(-10).reverse().map(({record}) => h('li', {class: 'row apart'}, h('span', {}, summary(kind, record)), h('span', {class: 'soft small'}, day(record.date + 'T00:00')))));
  };
  const count = h('span', {class: 'soft'});
  const details = h('details', {class: 'card', id: kind}, h('summary', {}, t(`console.record.${kind}.title`), count), h('p', {class: 'soft'}, t(`console.record.${kind}.about`)), list, place);
  load().catch(error => fill(list, note('warn', error.message)));
  details.reveal = () => { details.open = true; if (isManager) open(); details.scrollIntoView({block: 'start'}); };
  return details;
}
