// The list of gateways. Only the rows in sight are in the page, each at its place in
// a list as tall as all of them, so that a thousand cost no more than twenty.
import {byId, count, el, named, put, shareWord, t} from './dom.js';
import {marks, seen, state} from './data.js';
import {stack} from './charts.js';

const list = byId('list');
const spare = 6; // rows kept above and below the window
const least = 12; // rows there are even where the list is out of sight, for who comes by keyboard
let order = [], rows = new Map(), open = () => {};

// filter chooses the gateways to show, the worst first.
export function filter({search, rank, kind}) {
  const words = search.trim().toLowerCase();
  order = [];
  for (const raw of state.rows.values()) {
    const r = seen(raw);
    if (words && !r.n.includes(words) && !r.l?.toLowerCase().includes(words)) continue;
    if (rank !== '' && r.r !== Number(rank)) continue;
    if (kind !== '' && !'fwu'.includes(r.q[kind] || '-')) continue;
    order.push(r);
  }
  order.sort((a, b) => a.r - b.r || badness(b) - badness(a) || a.h - b.h || (a.n < b.n ? -1 : 1));
  return order.length;
}

// badness weighs a gateway's cameras and its rules within one rank.
function badness(r) {
  let sum = {f: 4, u: 2, w: 1}[r.g] ?? 0;
  for (const m of r.c) sum += m === 'b' ? 3 : m === 'f' || m === 'u' || m === 's' ? 2 : m === 'o' ? 1 : 0;
  return sum;
}

// draw puts the rows in sight into the page; those in changed flash.
export function draw(changed = []) {
  const height = parseFloat(getComputedStyle(list).getPropertyValue('--row'));
  list.style.height = order.length * height + 'px';
  const above = -list.getBoundingClientRect().top;
  const first = Math.max(0, Math.floor(above / height) - spare);
  const last = Math.min(order.length, Math.max(least, Math.ceil((above + innerHeight) / height) + spare));
  const kept = new Map();
  let before = null;
  for (let i = first; i < last; i++) {
    const row = order[i], item = rows.get(row.n) ?? make(row.n);
    kept.set(row.n, item);
    fill(item, row, i, height);
    item.classList.toggle('fresh', changed.includes(row.n));
    const next = before ? before.nextSibling : list.firstChild;
    if (next !== item) list.insertBefore(item, next);
    before = item;
  }
  for (const [name, item] of rows) if (!kept.has(name)) item.remove();
  rows = kept;
}

function make(name) {
  const parts = ['span.state.badge', 'span.name', 'span.cams', 'span.count', 'span.g.badge', 'span.meter', 'span.go'].map(p => el(p));
  parts[5].append(el('span.stack', [el('i.fill-p'), el('i')]), el('span'));
  parts[6].textContent = '›';
  for (const p of parts) p.setAttribute('aria-hidden', 'true');
  const button = el('button.row', parts, {type: 'button'});
  button.addEventListener('click', () => open(name));
  return el('li', button);
}

function fill(item, r, i, height) {
  const top = `translateY(${i * height}px)`, key = [r.r, r.c, r.g, r.h, r.l].join();
  item.style.transform = top;
  item.setAttribute('aria-setsize', order.length);
  item.setAttribute('aria-posinset', i + 1);
  if (item.dataset.key === key) return;
  item.dataset.key = key;
  const button = item.firstChild, [rank, name, cams, covered, grade, meter] = button.children;
  button.classList.toggle('grey', r.r === 1 || r.r === 2);
  rank.className = 'state badge rank' + r.r;
  put(rank, t('rank' + r.r));
  if (name.dataset.of !== (r.l ?? '')) name.replaceChildren(...named(r.l, r.n));
  name.dataset.of = r.l ?? '';
  cams.replaceChildren(...[...r.c].slice(0, 32).map(m => el('i.cam.fill-' + m)));
  const safe = [...r.c].filter(m => m === 'p' || m === 'o').length;
  put(covered, `${safe} / ${r.c.length}`);
  grade.className = 'g badge grade' + (r.g === '-' ? 'u' : r.g);
  put(grade, t('grade.' + r.g));
  stack(meter.firstChild, [[r.r === 1 || r.r === 2 ? 'fill-s' : 'fill-p', Math.max(r.h, 0)], ['', 100 - Math.max(r.h, 0)]]);
  meter.classList.toggle('none', r.h < 0);
  put(meter.lastChild, shareWord(r.h));
  button.setAttribute('aria-label', spoken(r, safe));
}

// spoken is the row in words.
function spoken(r, safe) {
  const cameras = marks.map(m => [m, [...r.c].filter(c => c === m).length]).filter(([, n]) => n).map(([m, n]) => `${t('mark.' + m)} ${n}`);
  return [r.l || r.n, t('rank' + r.r), t('of', count(safe), count(r.c.length)), ...cameras, `${t('rules')}: ${t('grade.' + r.g)}`,
    `${t('share')}: ${shareWord(r.h)}`, t('open')].join(', ');
}

// step moves the keyboard's focus to the row above or below, into sight if need be.
function step(by) {
  const at = order.findIndex(r => rows.get(r.n)?.contains(document.activeElement));
  const to = order[at + by];
  if (at < 0 || !to) return false;
  const height = list.offsetHeight / order.length, y = list.getBoundingClientRect().top + (at + by) * height;
  if (y < 80) scrollBy(0, y - 80);
  else if (y + height > innerHeight) scrollBy(0, y + height - innerHeight);
  draw();
  rows.get(to.n)?.firstChild.focus({preventScroll: true});
  return true;
}

export function begin(opened) {
  open = opened;
  const later = () => requestAnimationFrame(() => draw());
  addEventListener('scroll', later, {passive: true});
  addEventListener('resize', later);
  list.addEventListener('keydown', e => {
    const by = {ArrowDown: 1, ArrowUp: -1}[e.key];
    if (by && step(by)) e.preventDefault();
  });
}
