import {s, t, percent, when} from '/static/app.js';

// historyBar draws how a camera fared as one bar from left (then) to right
// (now); what was not measured stays empty.
const classes = {protected: 'fill-protected', over_masked: 'fill-protected', blocked: 'fill-gap', gap: 'fill-gap', offline: 'fill-offline'};
export function historyBar(history, tall) {
  const spans = history.spans ?? [];
  const from = +new Date(history.from), length = Math.max(1, new Date(history.to) - from);
  const bar = s('svg', {class: tall ? 'bar tall' : 'bar', viewBox: '0 0 1000 10', preserveAspectRatio: 'none', role: 'img', 'aria-label': t('console.bar.label', percent(history.protected_share ?? 1))});
  for (const span of spans) {
    const left = Math.max(0, (new Date(span.from) - from) / length * 1000), right = Math.min(1000, (new Date(span.to ?? history.to) - from) / length * 1000);
    const kind = classes[span.state];
    if (kind && right > left) bar.append(s('rect', {x: left, width: Math.max(5, right - left), y: 0, height: 10, class: kind}));
  }
  return bar;
}

// gaps tells in words what the bar shows: the times without protection.
export const gaps = history => (history.spans ?? []).filter(span => classes[span.state] && classes[span.state] !== 'fill-protected')
  .map(span => ({state: span.state, from: when(span.from), to: when(span.to ?? history.to)}));

// measured tells whether the camera sent at all, so that a share means something.
export const measured = history => (history.spans ?? []).some(span => classes[span.state] && span.state !== 'offline');
