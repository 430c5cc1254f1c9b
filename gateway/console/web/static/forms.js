import {api, h, t, both, lang, field, choices, oneLine} from '/static/app.js';

// Forms of what the API describes: fields of records, of the site and of cameras. A file is
// never sent: its SHA-256 alone is kept.

export async function sha256(file) {
  const sum = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(sum)].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

// The day at the site, which may be another one than here.
let siteDay;
export const siteToday = anew => siteDay = !anew && siteDay || api('GET', '/v1/calendar').then(calendar => calendar.today);

// An answer may have 1000 bytes, of which a Chinese character takes three.
const longest = lang === 'zh-CN' ? 330 : 900;

// finding wants a sentence: a letter says nothing to an inspector.
const shortest = lang === 'zh-CN' ? 6 : 12;
function finding(area) {
  const check = () => { const said = oneLine(area.value).length; area.setCustomValidity(said && said < shortest ? t('console.records.short', shortest) : ''); };
  area.addEventListener('input', check);
  area.addEventListener('change', check);
  check();
  return area;
}

// What is entered in another unit than it is kept in.
const units = {hours: 24};

const yearAfter = day => day && `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`.replace('-02-29', '-02-28');
const words = options => options.map(one => [one.id, both(one.name)]);

// grouped puts options that have a heading under it.
function select(options, value, attributes, empty) {
  const plain = options.filter(one => !both(one.group)), groups = [...new Set(options.map(one => both(one.group)).filter(Boolean))];
  const option = one => h('option', {value: one.id}, both(one.name));
  const element = h('select', attributes, empty && h('option', {value: ''}, t('console.facts.choose')), plain.map(option),
    groups.map(group => h('optgroup', {label: group}, options.filter(one => both(one.group) === group).map(option))));
  element.value = value ?? '';
  return element;
}

// radios is one of a few words as buttons beside each other.
function radios(name, pairs, value, required) {
  return h('div', {class: 'answers'}, pairs.map(([key, word]) => h('label', {class: 'choice'}, h('input', {type: 'radio', name, value: key, checked: key === value, required: required && key !== ''}), h('span', {}, word))));
}
const yesNo = [['yes', t('answer.yes')], ['no', t('answer.no')]];

// ticks is a list of what may be chosen, with one button for all of it.
function ticks(name, pairs, chosen, all) {
  const boxes = pairs.map(([key, word]) => h('label', {class: 'choice'}, h('input', {type: 'checkbox', name, value: key, checked: chosen.includes(key)}), h('span', {}, word)));
  const every = all && pairs.length > 1 && h('button', {type: 'button', class: 'button', 'data-all': name, onclick: () => boxes.forEach(box => { box.firstChild.checked = true; })}, t('console.ask.every_camera'));
  return [h('div', {class: 'choices'}, boxes), every && h('div', {class: 'row'}, every)];
}

// suggest lets a wording be chosen instead of typed; a single one stands there to be taken.
function suggest(input, suggestions, name) {
  const take = words => { input.value = words; input.dispatchEvent(new Event('change', {bubbles: true})); };
  if (suggestions.length === 1) return h('button', {type: 'button', class: 'wording', 'data-suggest': name, onclick: () => take(both(suggestions[0]))}, t('console.ask.take', both(suggestions[0])));
  const list = choices([['', t('console.ask.suggestion')], ...suggestions.map((one, i) => [String(i), both(one)])], '', {'data-suggest': name, 'aria-label': t('console.ask.suggestion')});
  list.addEventListener('change', () => { if (list.value) take(both(suggestions[Number(list.value)])); });
  return list;
}

const listed = value => Array.isArray(value) ? value : value ? [value] : [];
const names = (cameras, value) => [...new Set([...cameras.map(camera => camera.id), ...listed(value)])].map(id => [id, cameras.find(camera => camera.id === id)?.name ?? id]);

// control makes what a field is entered with; `set` and `read` are its value as the API has
// it, undefined while nothing is entered. Nothing is answered by default that a person has to say.
export function control(one, {cameras = [], prefix = '', value, today, fresh = true}) {
  const name = prefix + one.id, required = one.required, unit = one.type === 'number' && units[one.id] || 1;
  const line = (attributes = {}) => h('input', {name, required, maxlength: 300, value: value ?? '', ...attributes});
  const simple = (element, read = () => element.value.trim() || undefined) => ({element, read, set: next => { element.value = next ?? ''; }});
  const radio = (pairs, chosen, read) => {
    const element = radios(name, pairs, chosen, required);
    return {element, group: true, read: () => read(element.querySelector(':checked')?.value), set: next => { for (const one of element.querySelectorAll('input')) one.checked = one.value === next; }};
  };
  const said = {yes: true, no: false};
  switch (one.type) {
    case 'date': return simple(line({type: 'date', max: one.later ? '' : today, maxlength: null, value: value ?? (fresh && one.id === 'date' ? today : fresh && one.id === 'review' ? yearAfter(today) : '')}));
    case 'number': {
      const input = line({type: 'number', maxlength: null, min: Math.ceil((one.min ?? 0) / unit), max: one.max ? Math.floor(one.max / unit) : null, value: value === undefined ? '' : value / unit});
      return {element: input, read: () => input.value === '' ? undefined : Number(input.value) * unit, set: next => { input.value = next === undefined ? '' : next / unit; }};
    }
    case 'hash': {
      const input = h('input', {name, type: 'file', required: required && !value});
      return {element: input, read: async () => input.files[0] ? sha256(input.files[0]) : value, set() {}};
    }
    case 'flag': if (required) return radio(yesNo, value === undefined ? undefined : value ? 'yes' : 'no', word => said[word]);
      { const box = h('input', {name, type: 'checkbox', checked: !!value}); return {element: box, box: true, read: () => box.checked, set: next => { box.checked = !!next; }}; }
    case 'answer': return radio(required ? yesNo : [...yesNo, ['', t('console.ask.said.not')]], value === undefined ? required ? undefined : '' : value ? 'yes' : 'no', word => said[word]);
    case 'camera': return simple(choices([...required ? [] : [['', t('console.record.all_cameras')]], ...names(cameras, value)], value ?? (required ? cameras[0]?.id : ''), {name, required}));
    case 'cameras': case 'choices': {
      const is = one.type === 'cameras', list = ticks(name, is ? names(cameras, value) : words(one.choices), listed(value), is), element = h('div', {class: 'stack tight'}, list.filter(Boolean));
      return {element, group: true, hint: is && t('console.record.cameras_hint'), read: () => [...element.querySelectorAll(':checked')].map(box => box.value), set: next => { for (const box of element.querySelectorAll('input')) box.checked = listed(next).includes(box.value); }};
    }
    case 'choice': {
      const number = typeof value === 'number' || one.id === 'layer', element = select(one.choices, value?.toString(), {name, required}, true);
      return simple(element, () => element.value === '' ? undefined : number ? Number(element.value) : element.value);
    }
    case 'items': {
      const parts = one.choices.map(item => [item.id, field(both(item.name), finding(h('textarea', {name: prefix + item.id, maxlength: longest, required: true}, value?.[item.id] ?? '')), both(item.hint) || undefined)]);
      return {parts: parts.map(([, part]) => part), read: () => Object.fromEntries(parts.map(([id, part]) => [id, oneLine(part.querySelector('textarea').value)])), set() {}};
    }
  }
  if (one.choices?.length) {
    const list = h('datalist', {id: name + '-list'}, one.choices.map(choice => h('option', {value: choice.id}, both(choice.name))));
    const input = line({list: list.id, autocapitalize: 'none', spellcheck: 'false'});
    return {...simple(input), extra: list};
  }
  const offered = one.suggestions?.length, input = offered ? h('textarea', {name, required, maxlength: 300, class: 'short'}, value ?? '') : line();
  return {...simple(input, () => oneLine(input.value) || undefined), extra: offered && suggest(input, one.suggestions, name)};
}

// labelled is a control with its label and hint.
export function labelled(one, it) {
  const label = one.type === 'number' && units[one.id] ? t('console.record.days') : both(one.name), hint = both(one.hint) || it.hint || undefined;
  if (it.parts) return it.parts;
  if (it.box) return h('label', {class: 'choice plain'}, it.element, h('span', {}, label));
  if (it.group) return h('fieldset', {}, h('legend', {}, label), hint && h('p', {class: 'hint'}, hint), it.element);
  const element = field(label, it.element, hint);
  if (one.person) element.dataset.private = ''; // no draft keeps a name
  if (it.extra) element.append(it.extra);
  return element;
}

const wide = ['items', 'cameras', 'choices'];

// many is from how many on the fields that may be left empty are folded.
const many = 6;

// form lays fields out and reads them again: `values` are those on record.
export function form(fields, context, values = {}) {
  const asked = fields.filter(one => !one.filled).map(one => [one, control(one, {...context, value: values[one.id] ?? one.value, fresh: !context.old})]);
  const part = list => list.flatMap(([one, it]) => labelled(one, it));
  const optional = asked.filter(([one]) => !one.required && !wide.includes(one.type)), folds = !context.plain && optional.length > many;
  const narrow = asked.filter(([one]) => !wide.includes(one.type) && !(folds && !one.required));
  return {
    elements: [...part(asked.filter(([one]) => wide.includes(one.type))), h('div', {class: 'fields'}, part(narrow)),
      folds && h('details', {class: 'more', open: !!context.old}, h('summary', {}, t('console.record.more')), h('div', {class: 'fields'}, part(optional)))],
    read: async () => {
      const all = {};
      for (const [one, it] of asked) { const value = await it.read(); if (value !== undefined) all[one.id] = value; }
      return all;
    },
    controls: Object.fromEntries(asked.map(([one, it]) => [one.id, it])),
  };
}
