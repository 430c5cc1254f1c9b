import {stepwise, waiting} from '/static/progress.js';
import {api, call, h, t, $, fill, icon, note, onSubmit, today, later, day, when, copied, ready} from '/static/app.js';

const from = $('#from'), to = $('#to');
const span = days => { from.value = today(1 - days); to.value = today(); };
span(30);
fill($('#spans'), [7, 30, 365].map(days => h('button', {class: 'button quiet', type: 'button', onclick: () => span(days)}, t('console.evidence.days', days))));

onSubmit($('#export'), async () => {
  const name = `bauta-${from.value}-${to.value}.zip`;
  const pack = await stepwise($('#made'), t('console.progress.pack'), async mark => (await call('POST', `/v1/evidence?from=${from.value}&to=${to.value}&progress=${mark}`, undefined, {}, {wait: 600e3})).blob());
  const href = URL.createObjectURL(pack);
  fill($('#made'), note('good', h('p', {}, t('console.evidence.made', Math.ceil(pack.size / 1024))), h('a', {class: 'button first', id: 'download', href, download: name}, icon('seal'), name)));
  $('#download').click();
});

// A pack says its days as they were at the site, to the midnight after the last.

onSubmit($('#verify'), async () => {
  const box = $('#verified');
  fill(box);
  const {valid, message, own, proven} = await waiting(box, t('console.progress.check'), () => api('POST', '/v1/evidence/verify', $('#pack').files[0], {}, {wait: 600e3}));
  if (!valid) return fill(box, note('bad', h('strong', {}, t('console.evidence.forged')), h('p', {}, message)));
  // The days are those of the site that made the pack: its midnights carry the offset of its clock.
  fill(box, note(own ? 'good' : 'warn', h('strong', {}, t('console.evidence.whole')), h('p', {}, t('console.evidence.proven', proven.gateway, day(proven.from.slice(0, 10)), day(later(proven.to.slice(0, 10), -1)), proven.entries, proven.files)),
    h('p', {class: 'small'}, t(own ? 'console.evidence.own_key' : 'console.evidence.other_key')), h('p', {class: 'small soft'}, t('console.evidence.created', when(proven.created)))));
});

ready();
const {key} = await api('GET', '/v1/evidence/key').catch(() => ({key: ''}));
fill($('#key'), key && copied(key));
