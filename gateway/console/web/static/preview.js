import {busy, call, h, icon, t, tell} from '/static/app.js';
import {save} from '/static/download.js';
import {playable, play} from '/static/hls.js';

// How long WebRTC may take to connect, how long the first live frame may take, how long a live
// one may stand still, and when WebRTC is tried again: at first, and at most, in milliseconds.
const connectLimit = 4000, firstFrame = 8000, standstill = 4000, retry = 30000, longest = 600000, pace = 1000;

// servers are the ICE servers of the gateway's settings: asked for once a page.
let servers;
// A preview begins and ends by itself: nobody is asked to log in for it.
const quiet = {quiet: true};
const iceServers = path => servers ??= call('OPTIONS', path + '/whep', undefined, {}, quiet).then(response => parseLinks(response.headers.get('Link'))).catch(() => { servers = null; return []; });

// parseLinks reads the ICE servers of a Link header.
export function parseLinks(header) {
  const unquote = text => text.replace(/\\(.)/g, '$1');
  return [...(header ?? '').matchAll(/<([^>]+)>((?:\s*;\s*[\w-]+="(?:[^"\\]|\\.)*")*)/g)].map(([, urls, rest]) => {
    const given = Object.fromEntries([...rest.matchAll(/([\w-]+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, value]) => [key, unquote(value)]));
    return {rel: given.rel, server: given.username === undefined ? {urls} : {urls, username: given.username, credential: given.credential}};
  }).filter(link => link.rel === 'ice-server').map(link => link.server);
}

// controls are the buttons below a picture: all of the screen, and a masked picture to keep.
function controls(stage, path, name) {
  const full = h('button', {class: 'button quiet', type: 'button', 'data-do': 'full', onclick: () => (document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen()).catch(() => {})}, icon('full'), t('console.preview.full'));
  const keep = h('button', {class: 'button quiet', type: 'button', 'data-do': 'save', onclick: () => busy(keep, async () => {
    try { save(await (await call('GET', path + '/snapshot.jpg')).blob(), `${name} ${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.jpg`); }
    catch (error) { tell(error.message, 'bad'); }
  })}, icon('save'), t('console.preview.save'));
  return [document.fullscreenEnabled ? full : '', keep];
}

// preview shows the masked stream of a camera in a stage: live by WebRTC where that works, else
// live by HLS, some seconds later, else an image each second; and says which. The smaller stream, sub,
// has no images, and a stage without words says it by data-preview alone. It returns a function that ends it, and
// waits until the gateway knows.
export function preview(stage, id, name, {stream = 'main', stills = true, words: speaks = true} = {}) {
  const path = '/v1/cameras/' + encodeURIComponent(id);
  const video = h('video', {muted: '', playsinline: '', autoplay: '', 'aria-label': t('console.camera.preview_of', name), hidden: true});
  const image = h('img', {alt: t('console.camera.preview_of', name), hidden: true});
  const dot = h('span', {class: 'dot', 'aria-hidden': 'true'}), words = h('span', {role: 'status'}, t('console.preview.connecting'));
  const said = h('div', {class: 'said'}, dot, words);
  video.muted = true;
  stage.prepend(video, image);
  if (speaks) stage.after(said);
  let peer = null, session = null, endHLS = null, timer, again, wait = retry, ended = false, lastFrame = 0, polling = false, turn = 0;

  const say = (key, live) => {
    if (words.textContent !== t(key)) words.textContent = t(key);
    dot.classList.toggle('live', !!live);
    stage.dataset.preview = key.split('.').pop();
  };
  const show = element => { video.hidden = element !== video; image.hidden = element !== image; };

  const closePeer = () => {
    peer?.close();
    peer = null;
    const gone = session && call('DELETE', session.replace(/^\/api/, ''), undefined, {}, quiet).catch(() => {});
    session = null;
    return gone;
  };

  // clear makes room for another way; what the one before still says is of no use any more.
  const clear = () => {
    turn++;
    lastFrame = 0;
    polling = false;
    video.srcObject = null;
    endHLS?.();
    endHLS = null;
  };

  // frames says with each frame of a way that it works.
  const frames = key => {
    const mine = turn;
    lastFrame = Date.now() + firstFrame - standstill;
    const frame = () => {
      if (mine !== turn) return;
      lastFrame = Date.now();
      show(video);
      say(key, true);
      video.requestVideoFrameCallback(frame);
    };
    video.requestVideoFrameCallback(frame);
  };

  // byWebRTC takes the place of what is shown once it is connected.
  async function byWebRTC() {
    if (!globalThis.RTCPeerConnection) throw new Error('no WebRTC');
    const own = peer = new RTCPeerConnection({iceServers: await iceServers(path)});
    let stream;
    own.addTransceiver('video', {direction: 'recvonly'});
    own.ontrack = event => { stream = event.streams[0] ?? new MediaStream([event.track]); };
    await own.setLocalDescription(await own.createOffer());
    await gathered(own);
    const response = await call('POST', `${path}/whep?stream=${stream}`, own.localDescription.sdp, {'Content-Type': 'application/sdp'}, quiet);
    session = response.headers.get('Location');
    if (ended || own !== peer) return closePeer();
    await own.setRemoteDescription({type: 'answer', sdp: await response.text()});
    await connected(own);
    if (ended || own !== peer) return closePeer();
    own.onconnectionstatechange = () => { if (own === peer && own.connectionState === 'failed') fallBack(); };
    clear();
    wait = retry;
    video.srcObject = stream;
    video.play().catch(() => {});
    frames('console.preview.live');
  }

  const connected = connection => new Promise((resolve, reject) => {
    setTimeout(reject, connectLimit);
    connection.onconnectionstatechange = () => {
      if (connection.connectionState === 'connected') resolve();
      if (connection.connectionState === 'failed') reject();
    };
  });

  const gathered = connection => new Promise(resolve => {
    if (connection.iceGatheringState === 'complete') return resolve();
    connection.addEventListener('icegatheringstatechange', () => connection.iceGatheringState === 'complete' && resolve());
    setTimeout(resolve, 1500);
  });

  // fallBack is called for each try of WebRTC that fails: another one follows, while HLS plays on.
  function fallBack() {
    const lost = peer && video.srcObject;
    closePeer();
    if (ended) return;
    clearTimeout(again);
    again = setTimeout(start, wait);
    wait = Math.min(2 * wait, longest);
    if (lost || !endHLS) byHLS();
  }

  function byHLS() {
    if (!playable()) return images();
    clear();
    frames('console.preview.hls');
    endHLS = play(video, `/api${path}/hls/${stream}/`, images);
  }

  function images() {
    if (ended || polling) return;
    clear();
    if (!stills) { show(null); say('console.preview.none'); return; }
    polling = true;
    poll();
  }

  function poll() {
    if (ended || !polling) return;
    const next = new Image();
    next.onload = () => {
      if (polling) { image.src = next.src; show(image); say('console.preview.snapshots'); }
      timer = setTimeout(poll, pace);
    };
    next.onerror = () => { if (polling) { show(null); say('console.preview.none'); } timer = setTimeout(poll, 2 * pace); };
    next.src = `/api${path}/snapshot.jpg?at=${Date.now()}`;
  }

  const start = () => { if (!ended) byWebRTC().catch(fallBack); };
  const watch = setInterval(() => {
    if (!lastFrame || Date.now() - lastFrame <= standstill) return;
    if (video.srcObject) fallBack(); else images();
  }, 1000);
  start();
  const end = () => {
    ended = true;
    removeEventListener('pagehide', end);
    clearInterval(watch);
    clearTimeout(timer);
    clearTimeout(again);
    const gone = closePeer();
    clear();
    return gone;
  };
  addEventListener('pagehide', end);
  if (speaks) said.append(...controls(stage, path, name));
  return end;
}
