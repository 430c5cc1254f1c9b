import {s, t, has, format, dateOf, today, percent} from '/static/app.js';

const classes = {protected: 'fill-protected', over_masked: 'fill-protected', blocked: 'fill-gap', offline: 'fill-offline'};
const spansOf = history => (history.spans ?? []).filter(span => classes[span.state]);

// begin is where a history begins: with the first thing that is known.
export const begin = history => +new Date(spansOf(history)[0]?.from ?? history.from);

// young tells whether a history has begun so late, some minutes or more, that
// it cannot speak for all of its hours.
export const young = history => begin(history) - new Date(history.from) > 5 * 60e3;

// historyBar draws how a camera fared as one bar from left (then) to right
// (now); what was not measured stays empty.
export function historyBar(history, tall) {
  const from = begin(history), length = Math.max(1, new Date(history.to) - from);
  const at = time => Math.min(1000, Math.max(0, (new Date(time) - from) / length * 1000));
  const label = measured(history) ? t('console.bar.label', percent(history.protected_share)) : t('console.overview.unmeasured');
  const bar = s('svg', {class: tall ? 'bar tall' : 'bar', viewBox: '0 0 1000 10', preserveAspectRatio: 'none', role: 'img', 'aria-label': label});
  for (const span of spansOf(history)) bar.append(s('rect', {x: at(span.from), width: Math.max(4, at(span.to) - at(span.from)), y: 0, height: 10, class: classes[span.state]}));
  return bar;
}

// gaps tells in words what the bar shows: the times without protection.
export const gaps = history => spansOf(history).filter(span => classes[span.state] !== 'fill-protected');

const seconds = {hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false}, clock = format(seconds), dayAndClock = format({month: 'short', day: 'numeric', ...seconds});

// gapWord says of a gap when it began, how long it was and why.
export function gapWord({from, to, state, reason}) {
  const began = new Date(from), length = Math.max(1, Math.round((new Date(to) - began) / 1000)), cause = 'slate.reason.' + reason;
  const long = length < 120 ? t('console.history.seconds', length) : length < 7200 ? t('console.history.minutes', Math.round(length / 60)) : t('console.history.hours', Math.round(length / 3600));
  return t('console.history.gap', (dateOf(began) === today() ? clock : dayAndClock).format(began), long, reason && has(cause) ? t(cause) : t('console.state.' + state));
}

// measured tells whether the camera sent at all: without that there is no share.
export const measured = history => history.protected_share !== null;
