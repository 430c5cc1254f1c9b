import {api, cancel, fill, h, t, both, lang, Refusal, $} from '/static/app.js';

// What takes long says what is being done, for how long, and how to end it.

// waiting shows that while work runs. With most it says how many seconds at most. The work may
// say more by the function that it is given: words, and how much of how much is done.
export async function waiting(place, words, work, {most} = {}) {
  const began = Date.now(), said = h('p', {}), time = h('p', {class: 'soft small', 'aria-hidden': 'true'}), bar = h('progress', {'aria-label': words});
  const say = (text, done, total) => {
    if (said.textContent !== text) said.textContent = text;
    if (total) { bar.max = total; bar.value = done; }
  };
  const tick = () => {
    const since = t('console.progress.since', Math.round((Date.now() - began) / 1000));
    time.textContent = most ? t('console.progress.most', since, most) : since;
  };
  say(words);
  tick();
  const timer = setInterval(tick, 1000);
  fill(place, h('div', {class: 'stack tight', 'data-working': true}, said, bar, time, h('div', {class: 'row'}, h('button', {class: 'button', type: 'button', 'data-cancel': true, onclick: cancel}, t('console.cancel')))));
  try { return await work(say); }
  finally { clearInterval(timer); if (place.querySelector('[data-working]')) fill(place); }
}

// stepwise is waiting for work that the gateway itself tells of: it gets the mark to send along.
export function stepwise(place, words, work) {
  const mark = [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');
  return waiting(place, words, async say => {
    const timer = setInterval(async () => {
      const step = await api('GET', '/v1/progress/' + mark, undefined, {}, {quiet: true}).catch(() => null);
      if (step?.total) say(t('console.progress.of', both(step.what) || words, step.done + 1, step.total), step.done + 1, step.total);
    }, 700);
    try { return await work(mark); } finally { clearInterval(timer); }
  });
}

// upload sends a file and says how much of it is there; after is what is said from the last byte to the
// answer, which is JSON.
export function upload(place, path, file, after) {
  const request = new XMLHttpRequest(), kib = bytes => Math.round(bytes / 1024);
  return waiting(place, t('console.progress.send'), say => new Promise((resolve, reject) => {
    place.querySelector('[data-cancel]').addEventListener('click', () => request.abort());
    request.open('POST', '/api' + path);
    request.setRequestHeader('X-CSRF-Token', $('meta[name="csrf"]').content);
    request.setRequestHeader('Accept-Language', lang);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = ({loaded, total}) => say(loaded < total ? t('console.progress.sent', kib(loaded), kib(total)) : after, loaded, total);
    request.onload = () => {
      let answer;
      try { answer = JSON.parse(request.response); } catch { /* not JSON: the status says enough */ }
      if (request.status < 300) resolve(answer); else reject(new Refusal(request.status, answer?.error));
    };
    request.onerror = () => reject(new Refusal(0, {message: t('console.error.unreachable')}));
    request.onabort = () => reject(new Refusal(0, {message: t('console.error.cancelled')}));
    request.send(file);
  }));
}
