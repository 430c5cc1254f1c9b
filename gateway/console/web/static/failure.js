// What the test of a camera says where it failed: why, what the camera itself said, what to
// do, and what only a person can decide.

import {h, t, has, note, copied} from '/static/app.js';

// failure makes the note. Of decide, use takes the address to which a camera moved, and basic
// and pin return what asks for these decisions.
export function failure(error, decide = {}) {
  const sentence = 'console.try.' + (error.reason === 'unauthorized' && decide.anonymous ? 'login' : error.reason);
  if (has(sentence)) return note('warn', h('strong', {}, t(sentence)));
  const why = 'slate.reason.' + error.reason, hint = 'console.hint.' + error.reason;
  const known = has(why) && h('strong', {}, t(why));
  const said = error.message !== t(why) && h('div', {class: known && 'small'}, error.message);
  return note('warn', h('div', {class: 'stack tight'}, known, said, has(hint) && !error.location && h('div', {}, t(hint)),
    error.location && moved(error.location, decide.use),
    error.reason === 'basic_only' && decide.basic?.(), error.reason === 'tls' && decide.pin?.()));
}

function moved(location, use) {
  return h('div', {class: 'stack tight'}, h('span', {}, t('console.moved.to')), copied(location),
    use && h('div', {class: 'row'}, h('button', {class: 'button', type: 'button', id: 'moved-use', onclick: () => use(location)}, t('console.moved.use'))));
}

// basicBox asks whether a camera may have the password by basic login.
export const basicBox = () => h('label', {class: 'choice plain'}, h('input', {type: 'checkbox', name: 'basic_login', id: 'basic-login'}), h('span', {}, t('console.basic.allow')));
