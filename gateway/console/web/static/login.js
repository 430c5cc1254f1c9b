import {api, onSubmit, values, $, ready} from '/static/app.js';
import {eyes} from '/static/secret.js';

const speaking = () => ({'Accept-Language': document.documentElement.lang});

// next is the page that the reader was on: a path of this console, never another place.
function next() {
  const wanted = new URLSearchParams(location.search).get('next') ?? '/';
  if (!/^\/(?![\/\\])/.test(wanted)) return '/';
  const to = new URL(wanted, location.origin);
  return to.origin === location.origin && !/^\/(api|login|setup|static)(\/|$)/.test(to.pathname) ? to.pathname + to.search + location.hash : '/';
}
const enter = path => async form => {
  const {again, ...said} = values(form);
  try { await api('POST', path, said, speaking()); }
  catch (error) {
    const second = $('#second');
    if (error.code !== 'second_factor' || !second) throw error;
    const asked = !second.hidden; // the first time nothing is wrong yet
    second.hidden = false;
    form.code.required = true;
    form.code.value = '';
    form.code.focus();
    if (asked) throw error;
    return;
  }
  location.assign(next());
};

// listen binds the page's form.
function listen() {
  const login = $('#login'), setup = $('#setup');
  eyes(document);
  if (login) onSubmit(login, enter('/v1/login'));
  if (setup) onSubmit(setup, enter('/v1/setup'));
  for (const link of document.querySelectorAll('a[hreflang]')) link.addEventListener('click', event => { event.preventDefault(); speak(link.href); });
}

// had is the field that was typed in last.
let had;
addEventListener('focusin', event => { if (event.target.matches('main input')) had = event.target.id; });

// speak shows the page in another language with what was typed so far.
async function speak(address) {
  let other;
  try { other = new DOMParser().parseFromString(await (await fetch(address)).text(), 'text/html'); }
  catch { return location.assign(address); }
  const main = other.querySelector('main');
  if (!main) return location.assign(address);
  for (const input of document.querySelectorAll('main input')) {
    const now = main.querySelector('#' + input.id);
    if (now) now.value = input.value;
  }
  const second = main.querySelector('#second');
  if (second) second.hidden = $('#second').hidden;
  document.documentElement.lang = other.documentElement.lang;
  document.title = other.title;
  $('main').replaceWith(document.importNode(main, true));
  // What was typed is no attribute of the elements that were copied.
  for (const input of main.querySelectorAll('input')) document.getElementById(input.id).value = input.value;
  history.pushState(null, '', address);
  listen();
  (document.getElementById(had) ?? $('main input')).focus();
}
addEventListener('popstate', () => location.reload());

// The other language leads to the same page afterwards.
for (const link of $('#login') ? document.querySelectorAll('a[hreflang]') : []) {
  const query = new URLSearchParams(location.search);
  query.set('lang', link.hreflang);
  link.href = '?' + query + location.hash;
}
// The address that the gateway prints at its start has the set-up code in its
// fragment: no server sees it, and history and bookmarks must not keep it.
const code = new URLSearchParams(location.hash.slice(1)).get('setup');
if (code) history.replaceState(null, '', location.pathname + location.search);
listen();
if (code && $('#setup')) {
  $('#setup').code.value = code;
  $('#setup').password.focus();
}
ready();
