import {api, h, t, $, fill, icon, note, busy, tell, day, isManager} from '/static/app.js';
import {siteToday} from '/static/forms.js';

// The walk test: somebody walks through the picture while the page counts. The gateway goes on with
// it when the page is left; the page finds it again.

const recent = 12 * 3600e3; // a test of before says nothing of today

export function walkTest(id, path) {
  const live = $('#walk-live'), box = h('div', {role: 'status', class: 'stack tight'}), act = h('div', {class: 'row'});
  const start = h('button', {class: 'button', type: 'button', id: 'walk-start', disabled: !isManager}, icon('walk'), t('console.walk.start'));
  let timer;
  const follow = result => {
    start.disabled = !isManager || result.running;
    clearTimeout(timer);
    if (result.running) timer = setTimeout(poll, 1000);
    count(result);
  };
  const poll = async () => {
    try { follow(await api('GET', path + '/walktest', undefined, {}, {quiet: true})); }
    catch { timer = setTimeout(poll, 1000); }
  };
  start.addEventListener('click', async () => {
    try { follow(await busy(start, () => api('POST', path + '/walktest', {seconds: 60}))); }
    catch (error) { tell(error.message, 'bad'); }
  });
  const count = result => {
    const all = result.appearances.length, hidden = result.appearances.filter(one => one.masked).length;
    const left = Math.max(0, Math.round((new Date(result.until) - Date.now()) / 1000));
    const passed = !result.running && result.all_masked;
    fill(box, h('p', {}, h('span', {class: 'count', id: 'walk-masked'}, hidden), ' ', h('span', {class: 'soft'}, t('console.walk.masked', all))),
      result.running ? note('idle', t('console.walk.running', left)) : !all ? note('warn', t('console.walk.nobody')) : passed ? note('good', t('console.walk.passed', all)) : note('warn', t('console.walk.shown', all - hidden)));
    if (passed && isManager) record(result); else fill(act);
  };
  // record takes a passed test as the camera's device test of today.
  const record = async result => {
    if (act.dataset.of === result.started) return;
    act.dataset.of = result.started;
    const date = await siteToday(true);
    const button = h('button', {class: 'button first', type: 'button', id: 'walk-record', onclick: () => busy(button, async () => {
      try {
        await api('POST', '/v1/records/devicetest', {camera: id, date, passed: true, note: t('console.walk.note', result.appearances.length)});
        fill(act, note('good', t('console.walk.recorded'), ' ', h('a', {href: '/records?kind=devicetest'}, t('console.records.all'))));
      } catch (error) { tell(error.message, 'bad'); }
    })}, t('console.walk.record', day(date)));
    fill(act, button);
  };
  fill(live, box, h('div', {class: 'row'}, start), act);
  api('GET', path + '/walktest').then(result => { if (result.running || Date.now() - new Date(result.until) < recent) follow(result); }).catch(() => {});
}
