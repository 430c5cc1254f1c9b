import {api, h, t, has, $, fill, note, state, busy, onSubmit, field, confirm, tell, when} from '/static/app.js';

// bytes in the largest unit that has a whole one.
const size = n => { const unit = ['B', 'kB', 'MB', 'GB', 'TB'], at = Math.min(4, Math.floor(Math.log10(Math.max(n, 1)) / 3)); return `${(n / 1000 ** at).toFixed(at > 2 ? 1 : 0)} ${unit[at]}`; };

// originalsPanel says how a camera's originals are kept, and has them kept or not.
export function originalsPanel(id, path, blocked) {
  const load = async () => {
    const [all, site] = await Promise.all([api('GET', '/v1/sealed'), api('GET', '/v1/site')]);
    const there = all.cameras.find(one => one.camera === id); // with 0 days: what is kept stays, and nothing is added
    const now = there?.days ? there : null;
    fill($('#originals-state'), stands(there), there && figures(there),
      !all.keys && note('idle', t('console.originals.no_keys')), there?.changed && note('bad', t('console.originals.changed', there.changed)));
    fill($('#originals-acts'), all.keys && !blocked() && form(now, site.class === 'art7'),
      now && h('div', {class: 'row'}, h('button', {class: 'button', type: 'button', id: 'originals-end', onclick: event => end(event.currentTarget)}, t('console.originals.end'))),
      blocked() && h('div', {class: 'row'}, h('button', {class: 'button danger', type: 'button', id: 'originals-delete', onclick: event => remove(event.currentTarget)}, t('console.originals.delete'))));
  };

  const stands = now => !now ? state('idle', t('console.originals.off'))
    : !now.days ? state('idle', t('console.originals.ended'))
    : now.fault ? state('bad', has('console.originals.fault.' + now.fault) ? t('console.originals.fault.' + now.fault) : now.fault)
    : now.sealing ? state('good', t('console.originals.on', now.days)) : state('idle', t('console.originals.waits'));

  const figures = now => h('ul', {class: 'soft small plain'},
    now.from && h('li', {}, t('console.originals.since', when(now.from), size(now.bytes))),
    h('li', {}, now.gaps ? t('console.originals.gaps', now.gaps, Math.ceil(now.missing_s / 60)) : t('console.originals.no_gaps')),
    now.days > 0 && now.lasts_days > 0 && h('li', {class: now.lasts_days < now.days ? 'wrong' : ''}, t('console.originals.lasts', Math.floor(now.lasts_days))));

  const form = (now, obliged) => {
    const days = h('input', {name: 'days', type: 'number', min: 30, max: 365, required: true, value: now?.days ?? 30});
    const why = h('input', {name: 'why', maxlength: 160, value: now?.why ?? '', required: !obliged});
    const f = h('form', {id: 'originals-form', class: 'stack tight'}, field(t('console.originals.days'), days, t('console.originals.days_hint')),
      field(t('console.originals.why'), why, obliged ? t('console.originals.why_obliged') : t('console.originals.why_hint')),
      h('p', {class: 'wrong', role: 'alert'}), h('div', {class: 'row'}, h('button', {class: 'button', id: 'originals-do'}, now ? t('console.save') : t('console.originals.begin'))));
    onSubmit(f, async () => {
      await api('PUT', path + '/sealed', {days: days.valueAsNumber, why: why.value.trim()});
      tell(t('console.saved'));
      await load();
    });
    return f;
  };

  const end = button => busy(button, async () => {
    if (!await confirm(t('console.originals.end_sure'), t('console.originals.end_about'), t('console.originals.end'))) return;
    try { await api('DELETE', path + '/sealed'); tell(t('console.saved')); await load(); }
    catch (error) { tell(error.message, 'bad'); }
  });

  const remove = button => busy(button, async () => {
    if (!await confirm(t('console.originals.delete_sure'), t('console.originals.delete_about'), t('console.originals.delete'))) return;
    try { tell(t((await api('POST', path + '/sealed/deletion')).deleted ? 'console.originals.deleted' : 'console.originals.delete_first')); await load(); }
    catch (error) { tell(error.message, 'bad'); }
  });

  return load();
}
