// What was found of a camera of which only the host was typed, and the sizes of its streams.

import {h, t, field, choices} from '/static/app.js';

// foundStream says how a stream was found.
export function foundStream(stream) {
  if (!stream.tried) return t('console.found.onvif', stream.url);
  return stream.maker ? t('console.found.maker', stream.maker, stream.url) : t('console.found.path', stream.url);
}

const about = stream => [stream.name, stream.width && `${stream.width} x ${stream.height}`, stream.codec].filter(Boolean).join(', ');

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
export const groupsOf = (list, cameras) => list.replaceChildren(...[...new Set(cameras.map(one => one.group).filter(Boolean))].sort().map(group => h('option', {value: group})));
