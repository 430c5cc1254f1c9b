// What the server says: rows of gateways, kinds of clauses, the curve. The page
// holds the rows and nothing older.
import {base} from './dom.js';

export const marks = ['p', 'o', 'f', 'u', 'b', 's'];
export const grades = ['f', 'u', 'w', 's', 'd', 'p'];
export const GONE = 1, SILENT = 2, RANKS = 6;

const curveLength = 360;

export const state = {rows: new Map(), kinds: [], curve: [], link: 'connecting', linkAt: 0, ignored: 0, live: false, begun: false};

// dead tells that nothing on the page can be trusted to be of now.
export const dead = () => !state.live || state.link !== '';

// seen is a row as it may be shown: without a connection all is old.
export function seen(row) {
  if (!dead()) return row;
  return {...row, r: row.r === GONE ? GONE : SILENT, c: 's'.repeat(row.c.length), g: row.g === '-' ? '-' : 's', q: row.q.replace(/[^-]/g, 's')};
}

function take(u) {
  for (const name of u.gone) state.rows.delete(name);
  for (const row of u.rows) state.rows.set(row.n, row);
  state.kinds.push(...u.kinds);
  state.curve.push(...u.curve);
  if (state.curve.length > curveLength) state.curve.splice(0, state.curve.length - curveLength);
  state.link = u.link;
  state.linkAt = u.link_at;
  state.ignored = u.ignored;
  state.live = state.begun = true;
}

// quiet, in milliseconds: the server speaks every ten seconds; after this it is
// lost, whatever the browser thinks.
const quiet = 30000;

// connect calls changed(names) after each update; the browser reconnects by itself.
export function connect(changed) {
  const source = new EventSource(base + '/events');
  let timer = 0;
  const lost = () => {
    state.live = false;
    changed([]);
  };
  const received = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { source.close(); lost(); connect(changed); }, quiet);
  };
  received();
  source.addEventListener('all', e => {
    received();
    state.rows.clear();
    state.kinds.length = state.curve.length = 0;
    take(JSON.parse(e.data));
    changed([]);
  });
  source.addEventListener('news', e => {
    received();
    const u = JSON.parse(e.data);
    take(u);
    changed(u.rows.map(row => row.n));
  });
  source.addEventListener('error', () => {
    lost();
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(timer);
    setTimeout(() => connect(changed), 5000);
  });
}

// total sums all gateways up for the cards and the clauses.
export function total() {
  const sum = {gateways: state.rows.size, cameras: 0, marks: {}, ranks: Array(RANKS).fill(0), kinds: [], shares: []};
  for (const m of marks) sum.marks[m] = 0;
  for (const row of state.rows.values()) {
    const r = seen(row);
    sum.ranks[r.r]++;
    sum.cameras += r.c.length;
    for (const m of r.c) sum.marks[m]++;
    if (row.h >= 0 && r.r !== GONE && r.r !== SILENT) sum.shares.push(row.h);
    for (let i = 0; i < r.q.length; i++) {
      if (r.q[i] === '-') continue;
      const kind = sum.kinds[i] ??= {f: 0, u: 0, w: 0, s: 0, d: 0, p: 0};
      kind[r.q[i]]++;
    }
  }
  return sum;
}
