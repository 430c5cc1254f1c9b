// What a test saw of a camera, what was found of one of which only the host was typed, and the sizes
// of its streams.

import {h, t, field, choices} from '/static/app.js';
import {groupsIn} from '/static/find.js';

// saw says what a test saw.
export const saw = probe => t('console.new.saw', probe.codec, probe.width, probe.height, Math.round(probe.fps), probe.masked_width, probe.masked_height);

// foundStream says how a stream was found.
export function foundStream(stream) {
  if (!stream.tried) return t('console.found.onvif', stream.url);
  return stream.maker ? t('console.found.maker', stream.maker, stream.url) : t('console.found.path', stream.url);
}

// about says a stream in short.
export const about = stream => [stream.name, stream.width && `${stream.width} x ${stream.height}`, stream.codec].filter(Boolean).join(', ');

// streamChoice offers the streams; pick takes the address of another one.
export function streamChoice(streams, now, pick) {
  const select = choices(streams.map(stream => [stream.url, about(stream)]), now);
  select.addEventListener('change', () => pick(select.value));
  return field(t('console.found.choose'), select);
}

const sizes = ['auto', 'full', 'half'], usual = ['3840x2160', '2560x1440', '1920x1080', '1280x720'];

// sizeOptions fills a select with the largest sizes that viewers may get, subOptions with
// those of the small stream.
export function sizeOptions(select, now) {
  const own = now && !sizes.includes(now) && !usual.includes(now) ? [now] : [];
  options(select, now, [...sizes.map(size => [size, t('console.edit.size.' + size)]), ...[...usual, ...own].map(size => [size, size.replace('x', ' x ')])]);
}
export const subOptions = (select, now) => options(select, now, ['auto', 'half', 'quarter'].map(size => [size, t('console.edit.size.' + size)]));

function options(select, now, pairs) {
  select.replaceChildren(...[['', t('console.new.mask_default')], ...pairs].map(([value, word]) => h('option', {value}, word)));
  select.value = now ?? '';
}

// groupsOf offers the groups that there are.
export const groupsOf = (list, cameras) => list.replaceChildren(...groupsIn(cameras).map(group => h('option', {value: group})));
