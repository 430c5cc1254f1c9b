// What the test of a camera says where it failed: one sentence with the cause and what to do, and
// what only a person can decide.

import {h, t, note, copied} from '/static/app.js';

// failure makes the note. Of decide, use takes the address to which a camera moved, and basic
// and pin return what asks for these decisions.
export function failure(error, decide = {}) {
  return note('warn', h('div', {class: 'stack tight'}, h('strong', {}, error.message[0].toUpperCase() + error.message.slice(1)),
    error.location && moved(error.location, decide.use),
    error.reason === 'basic_only' && decide.basic?.(), error.reason === 'tls' && decide.pin?.()));
}

function moved(location, use) {
  return h('div', {class: 'stack tight'}, h('span', {}, t('console.moved.to')), copied(location),
    use && h('div', {class: 'row'}, h('button', {class: 'button', type: 'button', id: 'moved-use', onclick: () => use(location)}, t('console.moved.use'))));
}

// basicBox asks whether a camera may have the password by basic login.
export const basicBox = () => h('label', {class: 'choice plain'}, h('input', {type: 'checkbox', name: 'basic_login', id: 'basic-login'}), h('span', {}, t('console.basic.allow')));
