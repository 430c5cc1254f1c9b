import {h, t, lang, user, note, tell, when} from '/static/app.js';

// Drafts keep what was typed over a reload, in this tab alone: by user and page, never a password, a
// file or a person's name. They go when the form is saved, and at the logout of any tab.

const prefix = 'bauta.draft:';
const keyOf = name => `${prefix}${user}:${location.pathname}:${name}`;
const channel = new BroadcastChannel('bauta');
channel.onmessage = () => wipe();
const wipe = () => Object.keys(sessionStorage).filter(key => key.startsWith(prefix)).forEach(key => sessionStorage.removeItem(key));
export function forget() { wipe(); channel.postMessage('logout'); }

// kept returns the draft of this name, {at, is}, or null.
export function kept(name) {
  try { return JSON.parse(sessionStorage.getItem(keyOf(name))); } catch { return null; }
}
export function keep(name, is) {
  try { sessionStorage.setItem(keyOf(name), JSON.stringify({at: Date.now(), is})); } catch { /* no room: the form itself is still there */ }
}
export const drop = name => sessionStorage.removeItem(keyOf(name));
// names are those of this page's drafts that begin so.
export const names = begin => Object.keys(sessionStorage).filter(key => key.startsWith(keyOf(begin))).map(key => key.slice(keyOf('').length));

const never = ['password', 'file', 'hidden', 'submit', 'button', 'search'];
const called = one => one.name || one.id;
const controls = form => [...form.elements].filter(one => called(one) && !never.includes(one.type) && !one.closest('[data-private]') && one.tagName !== 'FIELDSET');
const ticks = one => one.type === 'checkbox' || one.type === 'radio';
const read = form => controls(form).map(one => ticks(one) ? [called(one), one.value, one.checked] : [called(one), one.value]);

function write(form, is) {
  const left = [...is];
  for (const one of controls(form)) {
    const at = left.findIndex(([name, value, on]) => name === called(one) && (on === undefined) !== ticks(one) && (!ticks(one) || value === one.value));
    if (at < 0) continue;
    const [[, value, on]] = left.splice(at, 1), same = ticks(one) ? one.checked === on : one.value === value;
    if (same) continue;
    if (ticks(one)) one.checked = on; else one.value = value;
    one.dispatchEvent(new Event('input', {bubbles: true}));
    if (!ticks(one) || on) one.dispatchEvent(new Event('change', {bubbles: true}));
  }
  const folded = form.querySelectorAll('details:not([open])');
  for (const one of folded) one.open = controls(form).some(control => one.contains(control) && control.value && !ticks(control));
}

// offer shows that a draft is there, to be taken or dropped.
export function offer(name, take) {
  const draft = kept(name);
  if (!draft) return null;
  if (switched()) { take(draft.is); return null; }
  const box = note('idle', h('div', {class: 'row apart', 'data-draft': name}, h('span', {}, t('console.draft.there', when(draft.at))), h('span', {class: 'row'},
    h('button', {class: 'button', type: 'button', 'data-take': name, onclick: () => { box.remove(); take(draft.is); tell(t('console.draft.taken')); }}, t('console.draft.take')),
    h('button', {class: 'button quiet', type: 'button', 'data-drop': name, onclick: () => { box.remove(); if (kept(name)?.at === draft.at) drop(name); }}, t('console.draft.drop')))));
  return box;
}

// draft keeps what is typed into a form from now on, and offers what was before, or puts it in where
// it is taken already. A form that is filled anew with other values calls it again.
export function draft(form, name, taken) {
  const first = JSON.stringify(read(form));
  form.querySelector(':scope > .note:has([data-draft])')?.remove();
  if (JSON.stringify(kept(name)?.is) === first) drop(name);
  const box = taken ? write(form, taken) : offer(name, is => write(form, is));
  if (box) form.prepend(box);
  form.keepDraft ??= watch(form);
  form.keepDraft.name = name;
  form.keepDraft.first = first;
}

function watch(form) {
  const it = {};
  const changed = () => {
    const is = read(form);
    if (JSON.stringify(is) === it.first) drop(it.name); else keep(it.name, is);
  };
  form.addEventListener('input', changed);
  form.addEventListener('change', changed);
  form.addEventListener('saved', () => { drop(it.name); it.first = JSON.stringify(read(form)); });
  return it;
}

// A page in the other language takes its drafts by itself.
const switchedKey = 'bauta.language';
const since = Number(sessionStorage.getItem(switchedKey));
sessionStorage.removeItem(switchedKey);
const switched = () => Date.now() - since < 20e3 && sessionStorage.getItem(switchedKey + '.from') !== lang;
for (const link of document.querySelectorAll('a[hreflang]')) link.addEventListener('click', () => {
  sessionStorage.setItem(switchedKey, Date.now());
  sessionStorage.setItem(switchedKey + '.from', lang);
  link.hash = location.hash;
});
