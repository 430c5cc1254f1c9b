import {api, h, t, both, $, fill, note, state, isManager, ready} from '/static/app.js';

// What an update made unknown, or found wanting in records of earlier versions: each leads to
// where it is answered.

// waiting is what waits because of an update.
export const waiting = async () => (await api('GET', '/v1/site/open')).filter(one => one.was || one.kind);

const tones = {fail: 'bad', unknown: 'warn', warn: 'warn'};

// leads is where an entry is dealt with: its question, its record, or its clause.
function leads(one, questions) {
  if (one.kind) return {href: '/compliance#' + one.kind, words: t('console.fix.' + one.action)};
  const question = questions.find(asked => asked.open.includes(one.clause));
  return question ? {href: '/questions#' + question.id, words: t('console.fix.answer')} : {href: '/compliance#clause-' + one.clause, words: t('console.overview.law_do')};
}

function row(one, clauses, kinds, questions) {
  const clause = clauses.find(it => it.id === one.clause), {href, words} = leads(one, questions);
  return h('li', {class: 'clause', 'data-waits': one.clause ?? `${one.kind}/${one.id}`},
    h('div', {}, one.clause ? state(tones[one.status] ?? 'idle', t('status.' + one.status)) : state('warn', t('console.update.confirm'))),
    h('div', {class: 'stack tight'}, h('h3', {}, clause ? both(clause.duty) : both(kinds.find(kind => kind.id === one.kind)?.name)),
      h('p', {}, both(one.why)), one.was && h('p', {class: 'soft small'}, t('console.update.was', t('status.' + one.was)), ' · ', both(clause?.citation))),
    h('div', {class: 'act'}, isManager && h('a', {class: 'button', href}, words)));
}

async function draw() {
  const [all, report, kinds, questions] = await Promise.all([waiting(), api('GET', '/v1/compliance'), api('GET', '/v1/record-kinds'), api('GET', '/v1/questions')]);
  const group = (title, list) => list.length ? h('section', {class: 'card'}, h('h2', {}, t(title, list.length)), h('ul', {class: 'list'}, list.map(one => row(one, report.clauses, kinds, questions)))) : null;
  fill($('#update'), all.length ? null : note('law', h('p', {}, t('console.update.none'))),
    group('console.update.clauses', all.filter(one => one.clause)), group('console.update.records', all.filter(one => one.kind)),
    h('p', {}, h('a', {class: 'button', href: '/questions'}, t('console.ask.title'))));
}

if ($('#update')) {
  ready();
  draw().catch(error => fill($('#update'), note('bad', h('p', {}, error.message))));
}
