// The cards' figures and charts.
import {byId, count, el, percent, put, shareWord, svg, t} from './dom.js';
import {marks, RANKS, state} from './data.js';

// stack draws parts of a whole: [class, number] each.
export function stack(bar, parts) {
  while (bar.children.length < parts.length) bar.append(el('i'));
  parts.forEach(([fill, n], i) => {
    const part = bar.children[i];
    part.className = fill;
    part.hidden = n === 0;
    part.style.flexGrow = n;
  });
}

// keys makes the legend, whose entries filter the list where pick is given.
function keys(list, entries, pick) {
  entries.forEach(([mark, label, n, value], i) => {
    let item = list.children[i]?.firstChild;
    if (!item) {
      item = el(pick ? 'button' : 'span', [el('i.' + mark, [], {'aria-hidden': 'true'}), el('span'), el('b')]);
      if (pick) {
        item.type = 'button';
        item.addEventListener('click', () => pick(value));
      }
      list.append(el('li', item));
    }
    put(item.children[1], label);
    put(item.children[2], count(n));
  });
}

export function drawMarks(sum) {
  const covered = sum.marks.p + sum.marks.o;
  put(byId('now'), sum.cameras ? percent(100 * covered / sum.cameras) + ' %' : '–');
  put(byId('nowOf'), t('of', count(covered), count(sum.cameras)));
  stack(byId('markBar'), marks.map(m => ['fill-' + m, sum.marks[m]]));
  keys(byId('markKey'), marks.map(m => ['cam.fill-' + m, t('mark.' + m), sum.marks[m]]));
}

export function drawRanks(sum, chosen, pick) {
  const bad = sum.gateways - sum.ranks[RANKS - 1];
  put(byId('total'), count(sum.gateways));
  put(byId('attention'), !sum.gateways ? '' : bad ? t('attention', count(bad)) : t('allGood'));
  const order = [...Array(RANKS).keys()];
  stack(byId('rankBar'), order.map(r => ['fill-rank' + r, sum.ranks[r]]));
  keys(byId('rankKey'), order.map(r => ['cam.fill-rank' + r, t('rank' + r), sum.ranks[r], String(r)]), pick);
  order.forEach(r => byId('rankKey').children[r].firstChild.setAttribute('aria-pressed', String(chosen === String(r))));
}

const steps = [0, 50, 80, 90, 95, 98, 99, 99.9, 100];

// drawShares shows how many gateways are how well protected today.
export function drawShares(sum) {
  const chart = byId('histogram');
  const bins = steps.map((low, i) => sum.shares.filter(h => h >= low && (i === steps.length - 1 || h < steps[i + 1])).length);
  const most = Math.max(1, ...bins), width = 300 / steps.length;
  const tenths = sum.shares.reduce((all, h) => all + Math.round(10 * h), 0); // whole numbers add up exactly
  put(byId('share'), shareWord(sum.shares.length ? tenths / sum.shares.length / 10 : -1));
  chart.replaceChildren(svg('line', {x1: 0, x2: 300, y1: 78.5, y2: 78.5, class: 'grid'}), ...bins.flatMap((n, i) => {
    const height = n && Math.max(2, 60 * n / most), middle = {x: width * (i + .5), 'text-anchor': 'middle'};
    return [
      svg('rect', {x: width * i + 3, width: width - 6, y: 78 - height, height, rx: 3, class: steps[i] < 95 ? 'low' : ''}),
      svg('text', {...middle, y: 92}, String(steps[i])),
      svg('text', {...middle, y: 74 - height}, n ? count(n) : ''),
    ];
  }));
  chart.setAttribute('aria-label', t('share') + ': ' + steps.map((low, i) => `≥${low} %: ${bins[i]}`).join(', '));
}

// drawCurve shows the cameras protected over the last hour, or over the points given.
export function drawCurve(given) {
  const points = (given ?? state.curve).filter(s => s.p >= 0);
  if (points.length < 2) return;
  const values = points.map(s => s.p), top = Math.max(...values), low = Math.min(...values);
  const floor = Math.max(0, Math.min(low - 2, top - 10)), first = points[0].t, span = points.at(-1).t - first;
  const at = s => [300 * (s.t - first) / span, 110 - 100 * (s.p - floor) / Math.max(1, 100 - floor)].map(v => v.toFixed(1)).join(' ');
  const line = 'M' + points.map(at).join('L');
  byId('curve').replaceChildren(
    ...[10, 60, 110].map(y => svg('line', {x1: 0, x2: 300, y1: y, y2: y, class: 'grid'})),
    svg('path', {d: line + 'L300 110L0 110Z', class: 'area'}), svg('path', {d: line, class: 'line'}));
  put(byId('hourHint'), t('hourHint', percent(low) + ' %', percent(top) + ' %'));
}
