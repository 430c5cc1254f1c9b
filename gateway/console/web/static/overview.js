import {api, follow, standing, h, s, icon, t, both, $, fill, state, when, percent, isManager, confirm, note, tell, cameraTone, cameraWord, cameraAction, reasonOf, has, ready} from '/static/app.js';
import {waiting} from '/static/update.js';
import {historyBar, measured, begin, young} from '/static/history.js';

const tiles = new Map(); // by camera id
const more = new Map(); // facts, zones, history by camera id, asked for now and then
let old = false, status, judged;

async function learn(id) {
  const path = '/v1/cameras/' + encodeURIComponent(id);
  const [facts, zones, history] = await Promise.allSettled([
    api('GET', path + '/facts'), api('GET', path + '/zones'), api('GET', path + '/history?hours=24')]);
  more.set(id, {facts: facts.value, zones: zones.value?.zones, history: history.value});
}

function tile(id) {
  const page = '/cameras/' + encodeURIComponent(id);
  const one = {name: h('a', {href: page}), state: h('div', {role: 'status'}), about: h('p', {class: 'soft small'}), share: h('div', {class: 'share'}), act: h('div', {class: 'act'})};
  one.picture = h('div', {class: 'picture'}, icon('camera'));
  one.root = h('li', {class: 'tile', 'data-camera': id}, one.picture, h('div', {class: 'body'}, h('h2', {}, one.name), one.state, one.about, one.share, one.act));
  tiles.set(id, one);
  return one;
}

// A picture is only ever the worker's masked output; where there is none the
// tile says why instead of showing an old one.
function picture(one, camera) {
  const shows = !old && (camera.protection === 'protected' || camera.protection === 'over_masked');
  if (!shows) {
    fill(one.picture, icon('off'));
    return;
  }
  const next = h('img', {alt: t('console.overview.thumbnail', camera.name)});
  next.onload = () => { if (cameraShown(camera.id)) fill(one.picture, next); };
  next.src = `/api/v1/cameras/${encodeURIComponent(camera.id)}/snapshot.jpg?at=${Date.now()}`;
}
const cameraShown = id => !old && ['protected', 'over_masked'].includes(status.cameras.find(c => c.id === id)?.protection);

function shareWord(history) {
  const share = percent(history.protected_share);
  return young(history) ? t('console.overview.share_since', share, when(begin(history))) : t('console.overview.share', share);
}

function show(camera) {
  const one = tiles.get(camera.id) ?? tile(camera.id);
  const extra = more.get(camera.id) ?? {};
  const tone = cameraTone(camera, old), reason = reasonOf(camera);
  const changed = one.protection !== camera.protection || one.old !== old;
  one.root.classList.toggle('stale', old);
  one.name.textContent = camera.name;
  if (changed || one.word !== cameraWord(camera, old)) {
    one.word = cameraWord(camera, old);
    fill(one.state, state(camera.protection === 'offline' && !old ? 'off' : tone, one.word));
    if (camera.protection === 'offline' && !old) one.state.firstChild.dataset.tone = 'warn';
  }
  const why = !old && camera.protection !== 'protected' && has('slate.reason.' + reason) ? t('slate.reason.' + reason) + ' · ' : '';
  one.about.textContent = why + t('console.since', when(camera.since));
  if (changed) picture(one, camera);
  Object.assign(one, {protection: camera.protection, old});
  if (extra.history) fill(one.share, h('span', {class: 'small'}, measured(extra.history) ? shareWord(extra.history) : t('console.overview.unmeasured')), historyBar(extra.history));
  const action = cameraAction(camera, extra);
  const words = action ? action.text : t('console.next.none');
  if (one.said !== words) {
    one.said = words;
    fill(one.act, action ? h('a', {class: action.urgent ? 'button first' : 'button', href: action.href}, action.text) : h('span', {class: 'soft small row'}, icon('check'), words));
  }
  return one.root;
}

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
  fill(box, icon({good: 'shield', warn: 'warn', bad: 'stop', idle: cams.length ? 'wait' : 'camera'}[tone]), h('div', {}, h('h1', {}, head), h('p', {}, text), duties && h('p', {id: 'duties'}, t('console.overview.duties', duties))),
    !cams.length && isManager && h('a', {class: 'button first', href: '/cameras/new'}, icon('plus'), t('console.overview.add')));
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
  const list = $('#tiles'), shown = status.cameras.map(show);
  const add = isManager && status.cameras.length ? [list.querySelector('.add') ?? h('li', {class: 'tile add'}, h('a', {href: '/cameras/new'}, icon('plus'), t('console.overview.add')))] : [];
  const wanted = [...shown, ...add];
  if (wanted.length !== list.children.length || wanted.some((node, i) => node !== list.children[i])) list.replaceChildren(...wanted);
  $('#legend').hidden = !status.cameras.length;
}

async function refresh() {
  if (!status || document.hidden) return;
  await Promise.all(status.cameras.map(c => learn(c.id)));
  for (const camera of status.cameras) { const one = tiles.get(camera.id); if (one) picture(one, camera); }
  draw();
}

follow({
  status: next => {
    const fresh = next.cameras.filter(c => !more.has(c.id));
    status = next;
    draw();
    if (fresh.length) Promise.all(fresh.map(c => learn(c.id))).then(draw);
  },
  compliance: next => { judged = next; draw(); },
  stale: is => { if (is !== old) { old = is; draw(); } },
});
// updated says what an update left to be answered, until it is.
async function updated() {
  const list = await waiting();
  fill($('#updated'), list.length ? note('warn', h('p', {}, t('console.update.notice', list.length)), h('p', {}, h('a', {class: 'button', href: '/update'}, t('console.update.see')))) : null);
}
updated().catch(() => {});
api('GET', '/v1/compliance').then(next => { judged ??= next; draw(); }).catch(() => {});
setInterval(refresh, 20000);
ready();
