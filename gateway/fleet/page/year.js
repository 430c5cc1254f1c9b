// A gateway's year: a square for each day, how long it stood how, and its last changes.
import {base, byId, count, el, lang, t, when} from './dom.js';

const RIGHT = 5; // nothing is wrong
const date = new Intl.DateTimeFormat(lang, {dateStyle: 'medium', timeZone: 'UTC'});

// span is a time in the two units that matter.
function span(seconds) {
  const minutes = Math.round(seconds / 60), parts = [[Math.floor(minutes / 1440), 'day'], [Math.floor(minutes / 60) % 24, 'hour'], [minutes % 60, 'minute']];
  const first = Math.max(0, parts.findIndex(([n]) => n > 0));
  return parts.slice(first, first + 2).filter(([n], i) => n > 0 || i === 0)
    .map(([n, unit]) => new Intl.NumberFormat(lang, {style: 'unit', unit, unitDisplay: 'short'}).format(n)).join(' ');
}

const name = rank => t('rank' + rank);
const badge = rank => el('span.badge.rank' + rank, name(rank));

// worst is how a day stood at its worst for five minutes; -1: nobody watched.
const worst = day => day.s.findIndex((n, rank) => n >= 300 || n > 0 && rank === RIGHT);

function square(day) {
  const parts = day.s.map((n, rank) => n > 0 && `${name(rank)} ${span(n)}`).filter(Boolean);
  const said = `${date.format(new Date(day.t * 1000))}: ${parts.join(', ') || t('yearUnwatched')}`;
  return el('i.day' + (worst(day) < 0 ? 'None' : worst(day)), [], {title: said});
}

// sums are how long it stood how, over all days; screen readers get these for the squares.
function sums(days) {
  const all = days.reduce((sum, d) => sum.map((n, i) => n + d.s[i]), [0, 0, 0, 0, 0, 0]);
  return el('ul.sums', all.map((n, rank) => n > 0 && el('li', [badge(rank), ' ', t('yearPart', span(n), count(days.filter(d => d.s[rank] > 0).length))])).filter(Boolean));
}

function change(e) {
  return el('li', [el('time', when(e.t)), ' ', ...(e.by ? [el('span', t('seenBy', e.by, when(e.t)))] : [badge(e.f), el('span', '→', {'aria-hidden': 'true'}), badge(e.r)])]);
}

function body(gateway, year) {
  const first = year.days.findIndex(d => d.s.some(n => n > 0));
  if (first < 0) return [el('p', t('yearNone'))];
  const known = year.days.slice(first), blank = new Date(known[0].t * 1000).getUTCDay();
  return [
    el('div.year', [...Array.from({length: blank}, () => el('i')), ...known.map(square)], {'aria-hidden': 'true'}),
    sums(known),
    ...(year.total ? [el('details', [el('summary', t('yearChanges', count(year.events.length), count(year.total))), el('ol.changes', year.events.map(change))])] : []),
    el('a.button', t('yearExport'), {href: `${address(gateway)}.csv?lang=${lang}`, download: ''}),
  ];
}

const address = gateway => `${base}/gateway/${encodeURIComponent(gateway)}/year`;

// year is a section that fills itself, once for each time that a gateway is opened; nothing where no history is kept.
export function year(gateway) {
  const box = el('section', [], {id: 'year', hidden: ''});
  fetch(address(gateway)).then(async answer => {
    if (answer.status === 404) return;
    box.hidden = false;
    box.replaceChildren(el('h3', t('year')), ...(answer.ok ? body(gateway, await answer.json()) : [el('p', await answer.text())]));
  }).catch(() => { /* the page says that it lost its server */ });
  return box;
}
