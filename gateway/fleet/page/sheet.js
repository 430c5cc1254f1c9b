// The details of one gateway, fetched when somebody opens it and again while it is open.
import {see} from './past.js';
import {year} from './year.js';
import {base, byId, count, el, lang, put, named, shareWord, t, when} from './dom.js';

const sheet = byId('sheet');
const again = 5000;
let timer = 0, name = '', past;

export function show(gateway) {
  name = gateway;
  past = year(gateway);
  sheet.replaceChildren(head(gateway));
  if (!sheet.open) sheet.showModal();
  load();
}

export function begin() {
  sheet.addEventListener('close', () => clearTimeout(timer));
  sheet.addEventListener('click', e => { if (e.target === sheet) sheet.close(); });
}

async function load() {
  clearTimeout(timer);
  const asked = name;
  let body;
  try {
    const answer = await fetch(`${base}/gateway/${encodeURIComponent(asked)}`);
    const d = answer.ok && await answer.json();
    if (d) byId('sheetHead').replaceChildren(...named(d.site, d.name));
    body = d ? parts(d) : [el('section', t(answer.status === 404 ? 'gone' : 'pageLost'))];
  } catch {
    body = [el('section', t('pageLost'))];
  }
  if (!sheet.open || asked !== name) return;
  const [, ...old] = sheet.children;
  for (const o of old) o.remove();
  sheet.append(...body);
  timer = setTimeout(load, again);
}

function head(gateway) {
  const shut = el('button.shut', t('close'), {type: 'button'});
  shut.addEventListener('click', () => sheet.close());
  return el('header', [el('h2', gateway, {id: 'sheetHead'}), shut]);
}

const word = pair => (lang === 'en' ? pair.en : pair.zh) || pair.en || pair.zh;
const badge = (kind, letter) => el(`span.badge.${kind}${letter === '-' ? 'u' : letter}`, t(kind === 'rank' ? 'rank' + letter : 'grade.' + letter));

function parts(d) {
  return [facts(d), act(d), past, cameras(d.cameras), clauses(d.clauses)];
}

function facts(d) {
  const pairs = [
    [t('state'), badge('rank', d.rank)],
    [t('rules'), badge('grade', d.grade)],
    [t('share'), shareWord(d.share)],
    ...(d.site ? [[t('site'), d.site]] : []),
    [t('heard'), d.heard ? t('age', count(Math.max(0, Math.round(Date.now() / 1000 - d.heard)))) : '–'],
    [t('pack'), d.pack || '–'],
    [t('version'), d.version || '–'],
  ];
  return el('section', [el('dl.facts', pairs.map(([name, value]) => el('div', [el('dt', name), el('dd', [value])])))]);
}

const RIGHT = 5; // nothing is wrong

// act is what a person may do: go to the gateway's console, and say that it is seen. Outside of a console nobody has a name.
function act(d) {
  const said = el('p', d.ack ? t('seenBy', d.ack, when(d.ack_at)) : '', {role: 'status'});
  const link = d.console ? [el('a.button', t('goTo'), {href: d.console, target: '_blank', rel: 'noopener noreferrer'})] : [];
  if (!base || d.ack || d.rank === RIGHT) return el('section.act', [...link, said]);
  const button = el('button', t('see'), {type: 'button'});
  button.addEventListener('click', async () => {
    button.disabled = true;
    const wrong = await see(d.name).catch(() => t('notSeen'));
    if (wrong) put(said, wrong);
    else load();
    button.disabled = false;
  });
  return el('section.act', [...link, button, said]);
}

function cameras(all) {
  const names = ['camera', 'protection', 'pictures', 'latency', 'faces'];
  const row = c => el('tr', [
    el('th', named(c.title, c.name), {scope: 'row'}),
    el('td', el('span.mark', [el('i.cam.fill-' + c.mark, [], {'aria-hidden': 'true'}), t('mark.' + c.mark)])),
    ...(c.figures ? [c.figures.fps, c.figures.latency_ms + ' ms', `${c.figures.faces}, ${c.figures.masked}, ${c.figures.shown}`] : ['–', '–', '–']).map(v => el('td', v)),
  ]);
  const table = el('table', [el('thead', el('tr', names.map(n => el('th', t(n), {scope: 'col'})))), el('tbody', all.map(row))]);
  return el('section', [el('h3', `${t('cameras')} (${count(all.length)})`), el('div.scroll', table, {tabindex: '0', role: 'region', 'aria-label': t('cameras')})]);
}

function clauses(all) {
  const one = c => el('div.rule', [
    el('div.head', [badge('grade', c.grade), el('b', word(c.citation) || c.id), ...(word(c.citation) ? [el('small', c.id)] : []), ...(c.since ? [el('small', t('since', when(c.since)))] : [])]),
    ...(word(c.evidence) ? [el('span', word(c.evidence))] : []),
    ...(!'pd'.includes(c.grade) && word(c.next) ? [el('span', [el('b', t('next') + ': '), word(c.next)])] : []),
    ...(c.verified ? [] : [el('small', t('unverified'))]),
  ]);
  return el('section', [el('h3', `${t('clauses')} (${count(all.length)})`), ...all.map(one)]);
}
