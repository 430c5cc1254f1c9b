import {api, h, t, both, lang, fill, icon, field, choices, onSubmit, oneLine, tell, today, day, when, note, isManager, has} from '/static/app.js';

// The records that a manager keeps, and what each asks for. A file is never
// sent: its SHA-256 alone is kept.
const items = ['lawfulness', 'necessity', 'precision', 'measures', 'risks', 'harm'];
export const kinds = {
  sign: [['place', 'line'], ['cameras', 'cameras'], ['date', 'date'], ['photo', 'hash'], ['layer', 'choice', ['1', '2']], ['link', 'line', false]],
  assessment: [...items.map(item => [item, 'item']), ['date', 'date'], ['review', 'date', 365], ['file', 'hash']],
  filing: [['of', 'choice', ['system', 'enrolment']], ['authority', 'line'], ['receipt', 'line', false], ['date', 'date'], ['cameras', 'cameras'], ['scope', 'line', false]],
  devicetest: [['camera', 'camera', true], ['date', 'date'], ['passed', 'outcome'], ['note', 'line', false]],
  complaint: [['date', 'date'], ['content', 'line'], ['closed', 'date', null], ['answer', 'line', false]],
  inspection: [['date', 'date'], ['found', 'line'], ['cameras', 'number'], ['reported', 'date', null]],
  retention: [['cameras', 'cameras'], ['date', 'date'], ['hours', 'days'], ['reason', 'line', false]],
  export: [['date', 'date'], ['camera', 'camera'], ['reason', 'line'], ['content', 'line'], ['unit', 'line'], ['name', 'line'], ['purpose', 'purpose'], ['public', 'check'], ['masked', 'check'], ['report', 'hash', false], ['closed', 'date', null], ['cause', 'line', false], ['measure', 'line', false], ['document', 'hash', false]],
};

export async function sha256(file) {
  const sum = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(sum)].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

const label = (kind, name) => t(has(`console.record.${kind}.${name}`) ? `console.record.${kind}.${name}` : 'console.record.field.' + name);
const help = (kind, name) => has(`console.record.${kind}.${name}_hint`) ? t(`console.record.${kind}.${name}_hint`) : undefined;

// An answer may have 1000 bytes, of which a Chinese character takes three.
const longest = lang === 'zh-CN' ? 330 : 900;

// control is the control of a field, with what is on record where that is corrected. Nothing
// is answered by default that a person has to say: neither the cameras nor an outcome.
function control([name, type, more], {cameras, purposes}, old) {
  const was = old?.[name];
  switch (type) {
    case 'line': return h('input', {name, maxlength: 300, required: more !== false, value: was ?? ''});
    case 'item': return h('textarea', {name, maxlength: longest, required: true}, old?.items?.[name] ?? '');
    case 'date': return h('input', {name, type: 'date', required: more !== null, max: more ? '' : today(0), value: was ?? (old || more === null ? '' : today(more ?? 0))});
    case 'number': return h('input', {name, type: 'number', min: 0, max: 9999, required: true, value: was ?? ''});
    case 'days': return h('input', {name, type: 'number', min: 1, max: 3660, required: true, value: old ? old.hours / 24 : 30});
    case 'hash': return h('input', {name, type: 'file', required: !old && more !== false});
    case 'check': return h('input', {name, type: 'checkbox', checked: !!was});
    case 'outcome': return choices([['', t('console.facts.choose')], ['true', t('console.record.passed')], ['false', t('console.record.not_passed')]], was?.toString(), {name, required: true});
    case 'choice': return choices(more.map(word => [word, t('console.record.choice.' + word)]), was?.toString() ?? more[0], {name});
    case 'camera': return choices([...more ? [] : [['', t('console.record.all_cameras')]], ...cameras.map(camera => [camera.id, camera.name])], was ?? (more ? cameras[0]?.id : ''), {name});
    case 'cameras': return h('div', {class: 'choices'}, ids(cameras, old).map(id => h('label', {class: 'choice'}, h('input', {type: 'checkbox', name, value: id, checked: listed(old).includes(id)}), h('span', {}, cameras.find(camera => camera.id === id)?.name ?? id))));
    case 'purpose': return choices(purposes, was ?? purposes[0]?.[0], {name});
  }
}

const listed = record => record?.cameras ?? (record?.camera ? [record.camera] : []);
const ids = (cameras, record) => [...new Set([...cameras.map(camera => camera.id), ...listed(record)])];

async function read(kind, form, old) {
  const record = {};
  for (const [name, type] of kinds[kind]) {
    const value = form.elements[name];
    if (type === 'cameras') record.cameras = [...form.querySelectorAll('[name=cameras]:checked')].map(box => box.value);
    else if (type === 'check') record[name] = value.checked;
    else if (type === 'outcome') record[name] = value.value === 'true';
    else if (type === 'hash') record[name] = value.files[0] ? await sha256(value.files[0]) : old?.[name];
    else if (type === 'number') record[name] = Number(value.value);
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

const version = one => h('li', {}, one.unreadable ? t('console.record.unreadable') : [t('console.record.version', one.version, one.author ? when(one.entered) : t('console.record.not_known'), one.author ?? t('console.record.not_known'), one.reason ?? '-'), h('br'), h('code', {}, JSON.stringify(one.record))]);

// row shows a record with what has to be confirmed of it, and its versions.
const row = (kind, one, correct) => h('li', {class: 'stack tight', 'data-id': one.id},
  h('div', {class: 'row apart'}, h('span', {}, one.unreadable ? t('console.record.unreadable') : summary(kind, one.record)),
    one.record?.date && h('span', {class: 'soft small'}, day(one.record.date + 'T00:00')),
    isManager && !one.unreadable && h('button', {class: 'button', type: 'button', onclick: () => correct(one)}, t('console.record.correct'))),
  one.confirm && h('p', {class: 'small'}, t('console.record.confirm', both(one.confirm))),
  one.earlier && h('details', {class: 'small'}, h('summary', {}, t('console.record.versions', one.earlier.length + 1)), h('ul', {class: 'list'}, [...one.earlier, one].reverse().map(version))));

// section shows the records of one kind and the form for another one, or for the next
// version of one.
export function section(kind, context) {
  const list = h('ul', {class: 'list'}), place = h('div', {});
  const fieldOf = (one, old) => {
    const [name, type] = one, words = label(kind, name), it = control(one, context, old);
    if (type === 'check') return h('label', {class: 'choice plain'}, it, h('span', {}, words));
    if (type === 'cameras') return h('fieldset', {}, h('legend', {}, words), h('p', {class: 'hint'}, t('console.record.cameras_hint')), it);
    return field(words, it, help(kind, name));
  };
  const open = old => {
    const wide = kinds[kind].filter(([, type]) => ['item', 'cameras'].includes(type)), rest = kinds[kind].filter(one => !wide.includes(one));
    const why = h('input', {name: 'correction', maxlength: 300, required: true});
    const form = h('form', {'data-record': kind}, old && field(t('console.record.correction'), why, t('console.record.correction_hint')), wide.map(one => fieldOf(one, old?.record)), h('div', {class: 'fields'}, rest.map(one => fieldOf(one, old?.record))), h('p', {class: 'wrong', role: 'alert'}),
      h('div', {class: 'row'}, h('button', {class: 'button first'}, t('console.record.keep')), h('button', {class: 'button', type: 'button', onclick: () => fill(place, button)}, t('console.cancel'))));
    onSubmit(form, async () => {
      const record = await read(kind, form, old?.record);
      if (old) await api('PUT', `/v1/records/${kind}/${old.id}`, {reason: oneLine(why.value), record});
      else await api('POST', '/v1/records/' + kind, record);
      fill(place, button);
      tell(t('console.record.kept_now'));
      button.focus();
      await load();
      context.changed();
    });
    fill(place, form);
    form.querySelector('input, textarea, select').focus();
  };
  const button = h('button', {class: 'button', type: 'button', 'data-add': kind, onclick: () => open()}, icon('plus'), t(`console.record.${kind}.add`));
  if (isManager) fill(place, button);
  const load = async () => {
    const all = await api('GET', '/v1/records/' + kind);
    count.textContent = all.length ? ` (${all.length})` : '';
    fill(list, all.slice(-10).reverse().map(one => row(kind, one, open)));
  };
  const count = h('span', {class: 'soft'});
  const details = h('details', {class: 'card', id: kind}, h('summary', {}, t(`console.record.${kind}.title`), count), h('p', {class: 'soft'}, t(`console.record.${kind}.about`)), list, place);
  load().catch(error => fill(list, note('warn', error.message)));
  // reveal opens the form for another record; where one that is there is to be mended, the list.
  details.reveal = mend => { details.open = true; if (isManager && !mend) open(); details.scrollIntoView({block: 'start'}); if (mend) list.querySelector('button')?.focus({preventScroll: true}); };
  return details;
}
