// What happened before: the curve of a week, and how gateways came to stand as they do.
import {base, byId, el, lang, put, t, when} from './dom.js';

const again = 30000;
let kept = {curve: [], events: []}, week = false;

// curve is that of the week where it is wanted, else nothing: the page has that of the hour.
export const curve = () => week && kept.curve.length > 1 ? kept.curve : undefined;

async function load(changed) {
  try {
    const answer = await fetch(base + '/history');
    if (answer.ok) kept = await answer.json();
  } catch { /* the page says that it lost its server */ }
  draw();
  changed();
}

function draw() {
  byId('pastNone').hidden = kept.events.length > 0;
  byId('past').replaceChildren(...kept.events.map(e => el('li', [
    el('time', when(e.t)), el('b', e.d || e.n), ...(e.d ? [el('small', e.n)] : []),
    ...(e.by ? [el('span', t('seenBy', e.by, when(e.t)))] : [badge(e.f), el('span', '→', {'aria-hidden': 'true'}), badge(e.r)]),
  ])));
}

const badge = rank => el('span.badge.rank' + rank, t('rank' + rank));

export function begin(changed) {
  byId('week').addEventListener('change', e => { week = e.target.checked; put(byId('hourHint'), t('noCurve')); changed(); });
  load(changed);
  setInterval(() => load(changed), again);
}

// see notes that the reader has seen what is wrong with a gateway; the console has to know who that is.
export async function see(gateway) {
  const session = await (await fetch('/api/v1/session', {headers: {'Accept-Language': lang}})).json();
  const answer = await fetch(`/api/v1/fleet/${encodeURIComponent(gateway)}/seen`, {method: 'POST', headers: {'X-CSRF-Token': session.csrf, 'Accept-Language': lang, 'Content-Type': 'application/json'}, body: '{}'});
  if (answer.ok) return '';
  try { return (await answer.json()).error.message; } catch { return t('notSeen'); }
}
