import {api, follow, standing, h, icon, t, both, $, fill, state, isManager, confirm, note, tell, cameraTone, has, ready} from '/static/app.js';
import {waiting} from '/static/update.js';
import {upkeepBanner} from '/static/upkeep-banner.js';
import {Tiles} from '/static/tiles.js';
import {Find, lookFirst} from '/static/find.js';

let more = new Map(), learned = 0, knew = ''; // what the overview says, by camera id; when it was asked, and of which states
let old = false, status, judged;

const tiles = new Tiles($('#tiles'), isManager);
const find = new Find($('#find'), $('#lacks'), () => draw());

function hero() {
  const cams = status.cameras, good = cams.filter(c => cameraTone(c, old) === 'good').length;
  // Cameras that are protected are not all: without the report nobody knows about the law.
  const law = judged ? standing(judged) : {parts: [], names: []}, cameras = good === cams.length ? 'good' : cams.some(c => cameraTone(c) === 'bad') ? 'bad' : 'warn';
  const tone = old || !cams.length || !judged ? 'idle' : cameras !== 'good' ? cameras : law.fails ? 'bad' : law.parts.length ? 'warn' : 'good';
  const head = old ? t('console.overview.stale') : !cams.length ? t('console.overview.none')
    : good === cams.length ? (cams.length === 1 ? t('console.overview.one') : t('console.overview.all', cams.length)) : cams.length === 1 ? t('console.overview.one_look') : t('console.overview.some', cams.length - good, cams.length);
  const text = old ? t('console.overview.stale_about') : !cams.length ? t('console.overview.none_about') : t('console.overview.' + cameras + '_about');
  const box = $('#hero'), duties = old || !cams.length ? '' : [law.parts.join(' · '), law.names.join(' · ')].filter(Boolean).join(': '), said = head + text + duties + tone;
  if (box.dataset.said === said) return;
  Object.assign(box.dataset, {said, tone});
  const leads = !old && good < cams.length && cams.length > 1;
  fill(box, icon({good: 'shield', warn: 'warn', bad: 'stop', idle: cams.length ? 'wait' : 'camera'}[tone]), h('div', {}, h('h1', {}, leads ? h('a', {href: '#look', onclick: look}, head) : head), h('p', {}, text), duties && h('p', {id: 'duties'}, t('console.overview.duties', duties))),
    !cams.length && isManager && h('a', {class: 'button first', href: '/cameras/new'}, icon('plus'), t('console.overview.add')));
}

// look leads to those that need a look, whatever was searched for.
function look(event) {
  event.preventDefault();
  find.clear();
  draw();
  const first = $('#look');
  first?.scrollIntoView();
  first?.querySelector('h2')?.focus();
}

// attention says what of the store a person has to decide or to wait for.
function attention() {
  const by = status.gateway.older_store, waiting = status.gateway.unstored;
  const box = $('#attention'), said = [by, waiting].join();
  if (box.dataset.said === said) return;
  box.dataset.said = said;
  fill(box,
    by && note('bad', h('p', {}, t('console.older.' + by)), h('p', {}, t('console.older.about')),
      isManager && h('button', {class: 'button', type: 'button', onclick: acceptOlder}, t('console.older.do'))),
    waiting && note('bad', t('console.unstored', waiting)));
}

async function acceptOlder() {
  if (!await confirm(t('console.older.sure'), t('console.older.about'), t('console.older.do'))) return;
  try { await api('POST', '/v1/restore/accept', {}); } catch (error) { tell(error.message, 'bad'); }
}

// One next thing to do for the law, beside those of the cameras: the worst, and a question
// that nobody answered is worse than what is to be looked at.
function todo() {
  const worst = ['fail', 'unknown', 'warn'].map(status => judged?.clauses.find(c => c.status === status)).find(Boolean);
  if (!worst || !status?.cameras.length) return fill($('#todo'));
  const count = judged.clauses.filter(c => c.status === worst.status).length;
  if ($('#todo').dataset.said === worst.id + count) return;
  $('#todo').dataset.said = worst.id + count;
  const key = 'console.fix.' + worst.action, asks = worst.status === 'unknown';
  fill($('#todo'), h('div', {class: 'card row apart'},
    h('div', {class: 'row'}, state(worst.status === 'fail' ? 'bad' : 'warn', worst.status === 'fail' ? t('console.overview.law_fail', count) : asks ? t('console.compliance.unknowns', count) : t('console.overview.law_warn')),
      h('span', {}, t('console.overview.law_next', has(key) ? t(key) : both(worst.evidence)))),
    h('a', {class: 'button', href: asks ? '/questions' : '/compliance'}, asks ? t('console.ask.start') : t('console.overview.law_do'), icon('next'))));
}

function draw() {
  if (!status) return;
  hero();
  attention();
  todo();
  const shown = find.show(status.cameras, more);
  tiles.show(lookFirst(shown), {more, old, calm: find.calm, view: find.view, all: status.cameras.length});
  $('#none').hidden = shown.length > 0 || !status.cameras.length;
  $('#legend').hidden = !status.cameras.length || find.view === 'list';
}

const states = () => status ? status.cameras.map(c => c.id + c.protection).join() : '';

// learn asks what the status does not say: when cameras come or their states change, and each minute while somebody looks.
async function learn() {
  if (document.hidden) return;
  learned = Date.now();
  knew = states();
  const {cameras} = await api('GET', '/v1/overview', undefined, {}, {quiet: true});
  more = new Map(cameras.map(one => [one.id, one]));
  draw();
}

follow({
  status: next => {
    if (!status) upkeepBanner($('#upkeep-banner'), next.gateway).catch(() => { /* the page says itself that the gateway does not answer */ });
    status = next;
    draw();
    const rest = next.cameras.every(c => more.has(c.id)) ? 10000 : 2000;
    if (states() !== knew && Date.now() - learned > rest) learn().catch(() => {});
  },
  compliance: next => { judged = next; draw(); },
  stale: is => { if (is !== old) { old = is; draw(); } },
});
// updated says what an update left to be answered, until it is.
async function updated() {
  const list = await waiting();
  fill($('#updated'), list.length ? note('warn', h('p', {}, t('console.update.notice', list.length)), h('p', {}, h('a', {class: 'button', href: '/update'}, t('console.update.see')))) : null);
}
learn().catch(() => {});
updated().catch(() => {});
api('GET', '/v1/compliance').then(next => { judged ??= next; draw(); }).catch(() => {});
setInterval(() => learn().catch(() => {}), 60000);
document.addEventListener('visibilitychange', () => { if (Date.now() - learned > 20000) learn().catch(() => {}); });
ready();
