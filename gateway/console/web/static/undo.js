import {api, h, t, strip, icon, tell} from '/static/app.js';

// What was removed can be had back for a minute, on whichever page its manager is by then.

const store = 'bauta.undo', within = 58e3; // a little less than the gateway keeps it
const all = () => { try { return JSON.parse(sessionStorage.getItem(store)) ?? []; } catch { return []; } };
const put = list => sessionStorage.setItem(store, JSON.stringify(list));
const without = id => all().filter(one => one.id !== id && one.until > Date.now());

// removed shows the line for what an answer offers; then is called once it is back, and href is
// where it is found on other pages.
export function removed(what, answer, {then, href} = {}) {
  if (!answer?.undo) return;
  const one = {id: answer.undo.id, what, href, until: Date.now() + within};
  put([...without(one.id), one]);
  show(one, then);
}

// remove removes what a path names, offers it back, and shows anew what is left.
export async function remove(path, what, show) {
  try { removed(what, await api('DELETE', path), {then: show, href: location.pathname}); await show(); }
  catch (error) { tell(error.message, 'bad'); }
}

export const offers = () => { for (const one of without('')) show(one); };

function show(one, then) {
  const close = () => { bar.remove(); put(without(one.id)); clearTimeout(timer); };
  const back = h('button', {class: 'button first', type: 'button', 'data-undo': one.id, onclick: async () => {
    back.disabled = true;
    try {
      await api('POST', '/v1/undo/' + one.id, {});
      close();
      tell(t('console.undo.done', one.what));
      if (then) await then(); else if (one.href) location.assign(one.href);
    } catch (error) { close(); tell(error.message, 'bad'); }
  }}, t('console.undo.do'));
  const bar = strip('undo-' + one.id, icon('trash'), h('span', {}, t('console.undo.removed', one.what)), back,
    h('button', {class: 'button quiet', type: 'button', onclick: close}, t('console.undo.close')));
  const timer = setTimeout(close, one.until - Date.now());
}
