import {h, icon, t, $, fill, follow, cameraTone, cameraWord, reasonOf, has, role, ready} from '/static/app.js';
import {preview} from '/static/preview.js';
import {byName, byGroup} from '/static/find.js';

// A wall of live masked pictures, by the smaller streams. What does not fit on one page comes on the next, group by
// group, by itself. Only what is seen plays.

// most pictures of a page are as many as one address may watch by WebRTC; least is how narrow a picture may be.
const most = 16, least = () => innerWidth < 600 ? 160 : 300, shape = 16 / 9;
const query = new URLSearchParams(location.search);
// dwell is how long a page stays, in milliseconds; ?dwell=10 says it in seconds.
const dwell = 1000 * Math.min(300, Math.max(5, Number(query.get('dwell')) || 20));
const only = query.get('group');

const shown = new Map(); // by camera id, what stands on this page
let cameras, old = false, ended = false, at = 0, since = Date.now(), turn, started;
// leaving is done once the gateway knows of all that ended: it gives an address so many places.
let leaving = Promise.resolve();

// fit is into how many columns and rows n pictures go best, and how wide they are.
function fit(n) {
  const {clientWidth: width, clientHeight: height} = $('#main');
  let best = {columns: 1, rows: n, wide: 0};
  for (let columns = 1; columns <= n; columns++) {
    const rows = Math.ceil(n / columns), wide = Math.min(width / columns, height / rows * shape);
    if (wide > best.wide) best = {columns, rows, wide};
  }
  return best;
}

// room is how many pictures a page takes.
function room() {
  let n = most;
  while (n > 1 && fit(n).wide < least()) n--;
  return n;
}

// paged puts the cameras on pages: whole groups as long as they fit, larger ones in pieces.
function paged(all) {
  const places = room(), list = [];
  if (all.length <= places) return [{title: '', cameras: [...all].sort((a, b) => byGroup(a.group ?? '', b.group ?? '') || byName(a, b))}];
  const names = [...new Set(all.map(c => c.group ?? ''))].sort((a, b) => !a - !b || byGroup(a, b));
  for (const name of names) {
    const group = all.filter(c => (c.group ?? '') === name).sort(byName), last = list.at(-1);
    if (last && last.cameras.length + group.length <= places) {
      last.cameras.push(...group);
      last.titles.push(name);
      continue;
    }
    for (let i = 0; i < group.length; i += places) list.push({titles: [name], cameras: group.slice(i, i + places)});
  }
  return list.map(({titles, cameras}) => ({title: titles.filter(Boolean).join(' · '), cameras}));
}

function stop(one) {
  if (!one.end) return;
  leaving = Promise.race([Promise.allSettled([leaving, one.end()]), new Promise(enough => setTimeout(enough, 1000))]);
  one.end = null;
  for (const picture of one.root.querySelectorAll('video, img')) picture.remove();
}

const play = one => leaving.then(() => {
  if (shown.get(one.id) !== one || one.end || document.hidden || ended) return;
  one.end = preview(one.root, one.id, one.name.textContent, {stream: 'sub', stills: false, words: false});
});

function make(camera) {
  const one = {id: camera.id, name: h('strong', {}, camera.name), state: h('span')};
  one.root = h('li', {class: 'one', 'data-camera': camera.id}, icon('camera'), h('p', {class: 'about'}, one.name, one.state));
  shown.set(camera.id, one);
  return one;
}

// describe says how a camera is. Where the slate is shown, it is what the stream holds.
function describe(one, camera) {
  const key = 'slate.reason.' + reasonOf(camera), shows = ['protected', 'over_masked'].includes(camera.protection);
  const words = old ? cameraWord(camera, old) : camera.protection === 'protected' ? t('console.wall.masked') : !shows && has(key) ? t(key) : cameraWord(camera);
  one.name.textContent = camera.name;
  one.root.dataset.tone = cameraTone(camera, old);
  one.root.classList.toggle('stale', old);
  if (one.said !== words) { one.said = words; fill(one.state, icon(old ? 'wait' : {good: 'shield', warn: 'off', bad: 'stop'}[cameraTone(camera)] ?? 'wait'), words); }
}

function draw() {
  if (!cameras || ended) return;
  const all = only ? cameras.filter(c => c.group === only) : cameras;
  const pages = paged(all), page = pages[at %= pages.length], {columns, rows} = fit(Math.max(1, page.cameras.length));
  Object.assign($('#grid').style, {gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`, gridTemplateRows: `repeat(${rows}, minmax(0, 1fr))`});
  $('#title').textContent = [page.title || only || t('console.wall.title'), pages.length > 1 && `${at + 1}/${pages.length}`].filter(Boolean).join(' · ');
  if (!all.length) return fill($('#grid'), h('li', {class: 'message'}, t('console.wall.none')));
  const wanted = page.cameras.map(camera => shown.get(camera.id) ?? make(camera));
  for (const [id, one] of shown) if (!wanted.includes(one)) { stop(one); shown.delete(id); }
  if (wanted.length !== $('#grid').children.length || wanted.some((one, i) => one.root !== $('#grid').children[i])) fill($('#grid'), wanted.map(one => one.root));
  for (const camera of page.cameras) describe(shown.get(camera.id), camera);
  for (const one of wanted) if (document.hidden) stop(one); else play(one);
  clearTimeout(turn);
  if (pages.length > 1) turn = setTimeout(next, Math.max(0, since + dwell - Date.now()));
}

function next() {
  since = Date.now();
  if (!document.hidden) at++;
  draw();
}

// over makes the screen dark, for good: its link was withdrawn, or its last day is over.
function over() {
  if (ended) return;
  ended = true;
  clearTimeout(turn);
  for (const one of shown.values()) stop(one);
  shown.clear();
  $('#title').textContent = t('console.screen.title');
  fill($('#main'), h('div', {class: 'message', role: 'alert', id: 'over'}, icon('off'), h('p', {}, t('console.screen.over'))));
}

addEventListener('screen-ended', over);
document.addEventListener('visibilitychange', draw);
addEventListener('resize', draw);
if (document.fullscreenEnabled) {
  $('#full').hidden = false;
  $('#full').addEventListener('click', () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {}));
}
// A screen that falls asleep shows nothing.
const awake = () => { if (!document.hidden) navigator.wakeLock?.request('screen').catch(() => {}); };
document.addEventListener('visibilitychange', awake);
awake();

follow({
  status: now => {
    cameras = now.cameras;
    // A gateway that began anew knows nothing of what was played.
    if (started && started !== now.gateway.started) for (const one of shown.values()) stop(one);
    started = now.gateway.started;
    draw();
  },
  stale: is => { if (is !== old) { old = is; draw(); } },
});
ready();
