import {api, onSubmit, values, $, ready} from '/static/app.js';

const login = $('#login'), setup = $('#setup');
// next is the page that the reader was on: a path of this console, never another place.
function next() {
  const wanted = new URLSearchParams(location.search).get('next') ?? '/';
  if (!/^\/(?![\/\\])/.test(wanted)) return '/';
  const to = new URL(wanted, location.origin);
  return to.origin === location.origin && !/^\/(api|login|setup|static)(\/|$)/.test(to.pathname) ? to.pathname + to.search + location.hash : '/';
}
const enter = path => async form => {
  await api('POST', path, values(form));
  location.assign(next());
};
// The other language leads to the same page afterwards.
for (const link of login ? document.querySelectorAll('a[hreflang]') : []) {
  const query = new URLSearchParams(location.search);
  query.set('lang', link.hreflang);
  link.href = '?' + query + location.hash;
}
// The address that the gateway prints at its start has the set-up code in its
// fragment: no server sees it, and history and bookmarks must not keep it.
const code = new URLSearchParams(location.hash.slice(1)).get('setup');
if (code) history.replaceState(null, '', location.pathname + location.search);
if (login) onSubmit(login, enter('/v1/login'));
if (setup) {
  if (code) {
    setup.code.value = code;
    setup.password.focus();
    for (const link of document.querySelectorAll('a[hreflang]')) link.hash = 'setup=' + code; // the same page in the other language
  }
  onSubmit(setup, enter('/v1/setup'));
}
ready();
