// The page: one row for each gateway, sums above, clauses beside. It draws when
// the server has news, which is four times a second at most.
import {byId, count, el, lang, put, t, when} from './dom.js';
import {connect, dead, grades, RANKS, state, total} from './data.js';
import {drawCurve, drawMarks, drawRanks, drawShares, stack} from './charts.js';
import * as list from './list.js';
import * as past from './past.js';
import * as sheet from './sheet.js';

const chosen = {search: '', rank: '', kind: '', sort: 'worst'};

function redraw(changed = []) {
  const sum = total();
  drawMarks(sum);
  drawRanks(sum, chosen.rank, rank => choose({rank: chosen.rank === rank ? '' : rank}));
  drawShares(sum);
  drawCurve(past.curve());
  drawClauses(sum);
  const shown = list.filter(chosen);
  put(byId('shown'), t('shown', count(shown), count(sum.gateways)));
  byId('hint').hidden = shown > 0 || !state.begun;
  put(byId('hint'), t(sum.gateways ? 'nothing' : 'empty'));
  list.draw(changed);
  tell();
}

// tell says whether what is shown is of now.
function tell() {
  const old = dead();
  document.body.classList.toggle('old', old && state.begun);
  byId('live').classList.toggle('on', !old);
  put(byId('live'), old ? '' : t('connected'));
  byId('alarm').hidden = !old || !state.begun;
  put(byId('alarm'), state.live ? t('lost', when(state.linkAt)) : t('pageLost'));
  put(byId('ignored'), state.ignored ? t('ignored', count(state.ignored)) : '');
}

function choose(change) {
  Object.assign(chosen, change);
  byId('search').value = chosen.search;
  byId('state').value = chosen.rank;
  byId('clause').value = chosen.kind;
  redraw();
}

const natural = new Intl.Collator(lang, {numeric: true});
const cite = kind => (lang === 'en' ? kind.en : kind.zh) || kind.en || kind.id;

// drawClauses lists each clause with how all gateways stand by it, the worst first.
function drawClauses(sum) {
  const box = byId('clauses'), select = byId('clause');
  byId('noClauses').hidden = sum.kinds.some(Boolean);
  while (box.children.length < state.kinds.length) box.append(clauseItem());
  while (box.children.length > state.kinds.length) box.lastChild.remove();
  while (select.options.length < state.kinds.length + 1) select.add(new Option());
  while (select.options.length > state.kinds.length + 1) select.remove(select.options.length - 1);
  state.kinds.forEach((kind, i) => {
    const option = select.options[i + 1];
    put(option, cite(kind) === kind.id ? kind.id : `${cite(kind)} (${kind.id})`);
    option.value = String(i);
  });
  const order = state.kinds.map((kind, i) => [kind, i, sum.kinds[i] ?? {f: 0, u: 0, w: 0, s: 0, d: 0, p: 0}]);
  order.sort(([, i, a], [, j, b]) => b.f - a.f || b.u - a.u || b.w - a.w || natural.compare(state.kinds[i].id, state.kinds[j].id));
  order.forEach(([kind, i, n], at) => fillClause(box.children[at].firstChild, kind, i, n));
}

function clauseItem() {
  const button = el('button', [el('span.cite', [el('span'), el('em')]), el('small'), el('span.stack', [], {'aria-hidden': 'true'}), el('span.unseen')], {type: 'button'});
  button.addEventListener('click', () => choose({kind: chosen.kind === button.dataset.kind ? '' : button.dataset.kind}));
  return el('li', button);
}

function fillClause(button, kind, i, n) {
  const [name, failing] = button.firstChild.children, [, id, bar, spoken] = button.children;
  put(name, cite(kind));
  put(id, kind.id);
  put(failing, n.f ? count(n.f) : '');
  button.title = cite(kind);
  button.dataset.kind = String(i);
  button.setAttribute('aria-pressed', String(chosen.kind === String(i)));
  put(spoken, ': ' + grades.filter(g => n[g]).map(g => `${t('grade.' + g)} ${count(n[g])}`).join(', '));
  stack(bar, grades.map(g => ['fill-g' + g, n[g]]));
}

byId('state').append(new Option(t('every'), ''), ...[...Array(RANKS).keys()].map(r => new Option(t('rank' + r), String(r))));
byId('clause').append(new Option(t('every'), ''));
byId('sort').append(...list.sorts.map(s => new Option(t('sort.' + s), s)));
byId('sort').addEventListener('change', e => choose({sort: e.target.value}));
byId('gradeKey').append(...grades.map(g => el('li', el('span', [el('i.cam.fill-g' + g, [], {'aria-hidden': 'true'}), t('grade.' + g)]))));
byId('search').addEventListener('input', e => choose({search: e.target.value}));
byId('state').addEventListener('change', e => choose({rank: e.target.value}));
byId('clause').addEventListener('change', e => choose({kind: e.target.value}));
byId('reset').addEventListener('click', () => choose({search: '', rank: '', kind: ''}));
list.begin(sheet.show);
sheet.begin();
past.begin(redraw);
connect(redraw);
