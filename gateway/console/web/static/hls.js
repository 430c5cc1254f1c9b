// A small player of low-latency HLS by Media Source Extensions, for browsers that WebRTC does
// not reach: https://www.rfc-editor.org/rfc/rfc8216 and its second edition.

// Times in seconds: how far behind the newest frame it plays, from where on it plays faster,
// from where on it jumps, and how much it keeps of what was shown.
const behind = 0.8, hurry = 1.6, jump = 2.5, keep = 8;
// pause is how long it waits before it begins anew, in milliseconds, and tries how often in a row.
const pause = 500, tries = 5;

const Source = globalThis.ManagedMediaSource ?? globalThis.MediaSource;

// playable reports whether this browser can play HLS in either way.
export const playable = () => !!Source || native();
const native = () => document.createElement('video').canPlayType('application/vnd.apple.mpegurl') !== '';

// parse reads a playlist: its newest parts in order, each with its init segment, and what to wait for next.
export function parse(text) {
  const parts = [];
  let segment = 0, index = 0, init = '';
  const attribute = (line, name) => new RegExp(`[:,]${name}="?([^",]*)`).exec(line)?.[1];
  for (const line of text.split('\n')) {
    if (line.startsWith('#EXT-X-MEDIA-SEQUENCE:')) segment = Number(line.slice(22));
    else if (line.startsWith('#EXT-X-MAP:')) init = attribute(line, 'URI');
    else if (line.startsWith('#EXT-X-PART:')) {
      parts.push({uri: attribute(line, 'URI'), init, segment, index: index++, independent: attribute(line, 'INDEPENDENT') === 'YES'});
    } else if (line && !line.startsWith('#')) { segment++; index = 0; }
  }
  return {parts, next: {segment, index}};
}

// play shows the stream whose files lie at base in a video element. Failed is called once, when
// it does not go on. It returns a function that ends it.
export function play(video, base, failed) {
  if (!Source) return playNative(video, base, failed);
  const ending = new AbortController();
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    ending.abort();
    if (video.src) { URL.revokeObjectURL(video.src); video.removeAttribute('src'); video.load(); }
  };
  const load = async (file, kind) => {
    const response = await fetch(base + file, {credentials: 'same-origin', cache: 'no-store', signal: ending.signal});
    if (!response.ok) throw new Error(`${file}: ${response.status}`);
    return response[kind]();
  };
  (async () => {
    for (let left = tries; left > 0 && !ended; left--) {
      await follow(video, load, ending.signal, () => { left = tries; }).catch(() => rest(pause, ending.signal));
    }
    if (!ended) { end(); failed(); }
  })();
  return end;
}

function playNative(video, base, failed) {
  video.onerror = failed;
  video.src = base + 'index.m3u8';
  video.play().catch(() => {});
  return () => { video.onerror = null; video.removeAttribute('src'); video.load(); };
}

// follow plays until its signal, or until something fails; it says with each piece that it goes on.
async function follow(video, load, signal, goesOn) {
  const source = new Source();
  if (globalThis.ManagedMediaSource) video.disableRemotePlayback = true;
  video.src = URL.createObjectURL(source);
  await once(source, 'sourceopen', signal);
  let buffer = null;
  const append = async bytes => {
    const done = once(buffer, 'updateend', signal);
    buffer.appendBuffer(bytes);
    await done;
  };
  video.play().catch(() => {});
  let last = null, init = '', wait = '';
  while (!signal.aborted) {
    const list = parse(await load('stream.m3u8' + wait, 'text'));
    wait = `?_HLS_msn=${list.next.segment}&_HLS_part=${list.parts.filter(p => p.segment === list.next.segment).length}`;
    const fresh = list.parts.slice(begin(list.parts, last));
    if (!fresh.length) { await rest(pause / 2, signal); continue; }
    const loaded = await Promise.all(fresh.map(part => load(part.uri, 'arrayBuffer')));
    for (const [i, part] of fresh.entries()) {
      if (part.init !== init) {
        init = part.init;
        const bytes = await load(init, 'arrayBuffer'), type = `video/mp4; codecs="${codec(bytes)}"`;
        if (!buffer) buffer = source.addSourceBuffer(type);
        else buffer.changeType?.(type);
        await append(bytes);
      }
      await append(loaded[i]);
      last = part;
    }
    goesOn();
    await trim(video, buffer, signal);
    keepUp(video, buffer);
  }
}

// codec names the one that an init segment describes: the three bytes after the version in its avcC box.
function codec(bytes) {
  const all = new Uint8Array(bytes), at = all.findIndex((_, i) => String.fromCharCode(...all.subarray(i, i + 4)) === 'avcC');
  return 'avc1.' + [...all.subarray(at + 5, at + 8)].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

// begin is where the parts begin that were not played yet; at first, and after some were missed, the newest keyframe.
function begin(parts, last) {
  const at = last ? parts.findIndex(p => p.segment === last.segment && p.index === last.index) : -1;
  if (at >= 0) return at + 1;
  const start = parts.findLastIndex(p => p.independent);
  return start < 0 ? parts.length : start;
}

// keepUp stays close to the newest frame.
function keepUp(video, buffer) {
  const ranges = buffer.buffered;
  if (!ranges.length) return;
  const edge = ranges.end(ranges.length - 1), start = ranges.start(ranges.length - 1);
  const late = edge - video.currentTime;
  if (late > jump || late < 0 || video.currentTime < start) video.currentTime = Math.max(start, edge - behind);
  video.playbackRate = late > hurry ? 1.1 : 1;
  if (video.paused && !document.hidden) video.play().catch(() => {});
}

// trim forgets what was shown.
async function trim(video, buffer, signal) {
  if (!buffer.buffered.length || video.currentTime - buffer.buffered.start(0) < 2 * keep) return;
  const done = once(buffer, 'updateend', signal);
  buffer.remove(0, video.currentTime - keep);
  await done;
}

const once = (target, event, signal) => new Promise((resolve, reject) => {
  target.addEventListener(event, resolve, {once: true, signal});
  target.addEventListener('error', reject, {once: true, signal});
  signal.addEventListener('abort', reject, {once: true});
});

const rest = (milliseconds, signal) => new Promise(resolve => {
  setTimeout(resolve, milliseconds);
  signal.addEventListener('abort', resolve, {once: true});
});
