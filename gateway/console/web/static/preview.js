import {call, h, t} from '/static/app.js';

// How long the first live picture may take, how long a live one may stand
// still, and when live is tried again, in milliseconds.
const firstPicture = 8000, standstill = 4000, retry = 30000, pace = 1000;

// preview shows the masked stream of a camera in a stage: live by WebRTC where
// that works, else a picture each second, and says which. It returns a function
// that ends it.
export function preview(stage, id, name) {
  const path = '/v1/cameras/' + encodeURIComponent(id);
  const video = h('video', {muted: '', playsinline: '', autoplay: '', 'aria-label': t('console.camera.preview_of', name), hidden: true});
  const image = h('img', {alt: t('console.camera.preview_of', name), hidden: true});
  const dot = h('span', {class: 'dot', 'aria-hidden': 'true'}), words = h('span', {role: 'status'}, t('console.preview.connecting'));
  const said = h('div', {class: 'said'}, dot, words);
  video.muted = true;
  stage.prepend(video, image);
  stage.after(said);
  let peer = null, session = null, timer, again, ended = false, lastFrame = 0, polling = false;

  const say = (key, live) => {
    if (words.textContent !== t(key)) words.textContent = t(key);
    dot.classList.toggle('live', !!live);
    stage.dataset.preview = live ? 'live' : key.split('.').pop();
  };
  const show = element => { video.hidden = element !== video; image.hidden = element !== image; };

  const close = () => {
    peer?.close();
    peer = null;
    video.srcObject = null;
    if (session) call('DELETE', session.replace(/^\/api/, '')).catch(() => {});
    session = null;
  };

  async function live() {
    close();
    lastFrame = 0;
    const mine = peer = new RTCPeerConnection();
    mine.addTransceiver('video', {direction: 'recvonly'});
    mine.ontrack = event => { video.srcObject = event.streams[0] ?? new MediaStream([event.track]); video.play().catch(() => {}); };
    mine.onconnectionstatechange = () => { if (mine === peer && mine.connectionState === 'failed') fallBack(); };
    await mine.setLocalDescription(await mine.createOffer());
    await gathered(mine);
    const response = await call('POST', path + '/whep', mine.localDescription.sdp, {'Content-Type': 'application/sdp'});
    session = response.headers.get('Location');
    if (ended || mine !== peer) return close();
    await mine.setRemoteDescription({type: 'answer', sdp: await response.text()});
    lastFrame = Date.now() + firstPicture - standstill;
    const frame = () => {
      if (mine !== peer) return;
      lastFrame = Date.now();
      polling = false;
      show(video);
      say('console.preview.live', true);
      video.requestVideoFrameCallback(frame);
    };
    video.requestVideoFrameCallback(frame);
  }

  const gathered = connection => new Promise(resolve => {
    if (connection.iceGatheringState === 'complete') return resolve();
    connection.addEventListener('icegatheringstatechange', () => connection.iceGatheringState === 'complete' && resolve());
    setTimeout(resolve, 1500);
  });

  // fallBack is called for each try that fails: another one follows.
  function fallBack() {
    close();
    if (ended) return;
    clearTimeout(again);
    again = setTimeout(start, retry);
    if (!polling) { polling = true; poll(); }
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

  const start = () => { if (!ended) live().catch(fallBack); };
  const watch = setInterval(() => { if (peer && lastFrame && Date.now() - lastFrame > standstill) fallBack(); }, 1000);
  start();
  const end = () => { ended = true; polling = false; clearInterval(watch); clearTimeout(timer); clearTimeout(again); close(); };
  addEventListener('pagehide', end);
  return end;
}
