// Three clocks may differ: the site's, by which all days and times are told, the gateway's own and
// that of the reader's device. clocks says where they do.

import {call, h, t, note, zone, deviceZone} from '/static/app.js';

const slack = 60e3; // less is the way of the answer

// offset is what a zone's clock shows now, in minutes ahead of UTC.
function offset(timeZone) {
  const now = new Date(), there = new Date(now.toLocaleString('sv-SE', {timeZone}).replace(' ', 'T') + 'Z');
  return Math.round((there - now) / 6e4);
}

// same reports whether two zones show the same time now; one that is not known here is another.
const same = (a, b) => { try { return a === b || offset(a) === offset(b); } catch { return false; } };

// zones are all names that this browser knows, its own one first.
export const zones = () => [...new Set([deviceZone, ...Intl.supportedValuesOf?.('timeZone') ?? []])];

export async function clocks() {
  const before = Date.now(), answer = await call('GET', '/v1/calendar'), after = Date.now();
  const {host_time_zone} = await answer.json();
  const ahead = Date.parse(answer.headers.get('Date')) - (before + after) / 2;
  const lines = [
    !same(zone, deviceZone) && t('console.clock.device', deviceZone, zone),
    !same(zone, host_time_zone) && t('console.clock.host', host_time_zone, zone),
    Math.abs(ahead) > slack && t(ahead > 0 ? 'console.clock.ahead' : 'console.clock.behind', Math.round(Math.abs(ahead) / 6e4)),
  ].filter(Boolean);
  return lines.length ? note('warn', h('div', {class: 'stack tight', id: 'clocks'}, lines.map(line => h('div', {}, line)))) : null;
}
