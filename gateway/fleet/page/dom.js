// Small helpers for making the page. Text goes in by textContent only: nothing that came over MQTT is ever read as HTML.

const texts = JSON.parse(document.getElementById('texts').textContent);

// t is a text of the page, its number signs replaced in turn.
export function t(name, ...values) {
  return (texts[name] ?? name).replace(/#/g, sign => values.length ? values.shift() : sign);
}

export const lang = document.documentElement.lang;
export const base = document.body.dataset.base;
export const byId = id => document.getElementById(id);

// el makes an element of a tag with classes, such as 'span.name.big'.
export function el(what, content = [], attributes = {}) {
  const [tag, ...classes] = what.split('.');
  const e = document.createElement(tag);
  if (classes.length) e.className = classes.join(' ');
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  e.append(...[content].flat().map(c => c instanceof Node ? c : String(c)));
  return e;
}

export function svg(tag, attributes = {}, content = '') {
  const e = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  e.textContent = content;
  return e;
}

// named is what people call something, with its id small beside it where that is another.
export const named = (title, id) => title && title !== id ? [title, ' ', el('small', id)] : [id];

// put changes a text only where it differs, so that screen readers hear news alone.
export function put(e, content) {
  if (e.textContent !== content) e.textContent = content;
}

const whole = new Intl.NumberFormat(lang);
const tenths = new Intl.NumberFormat(lang, {minimumFractionDigits: 1, maximumFractionDigits: 1});
export const count = n => whole.format(n);
// percent rounds down: 99.96 % is not all of it. The product may be just below a whole tenth that v is.
export function percent(v) {
  const low = Math.floor(v * 10), next = (low + 1) / 10;
  return v === 100 ? '100' : tenths.format(next <= v ? next : low / 10);
}
// shareWord is a protected share in words; below 0: there is none, as no camera sent.
export const shareWord = share => share < 0 ? t('unmeasured') : percent(share) + ' %';

const clock = new Intl.DateTimeFormat(lang, {dateStyle: 'medium', timeStyle: 'short'});
export const when = seconds => clock.format(new Date(seconds * 1000));
