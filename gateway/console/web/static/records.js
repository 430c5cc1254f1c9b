import {api, h, t, both, fill, icon, field, onSubmit, oneLine, tell, day, when, note, isManager} from '/static/app.js';
import {form, siteToday} from '/static/forms.js';

// The records that a manager keeps: their kinds and what each asks for come from the API.

const texts = {text: (one, value) => value, choice: (one, value) => both(one.choices.find(choice => choice.id === String(value))?.name) || value, camera: (one, value, cameras) => cameras.find(camera => camera.id === value)?.name ?? value, number: (one, value) => one.id === 'hours' ? t('console.record.kept', value / 24) : `${both(one.name)}: ${value}`,
  flag: (one, value) => `${both(one.name)} ${t(value ? 'answer.yes' : 'answer.no')}`};

// summary tells a record by the first of its fields that say something.
const summary = (kind, record, cameras) => kind.fields.filter(one => texts[one.type] && !one.person && record[one.id] !== undefined && (one.type !== 'flag' || one.required)).slice(0, 2).map(one => texts[one.type](one, record[one.id], cameras)).join(' · ');

const version = one => h('li', {}, one.unreadable ? t('console.record.unreadable') : [t('console.record.version', one.version, one.author ? when(one.entered) : t('console.record.not_known'), one.author ?? t('console.record.not_known'), one.reason ?? '-'), h('br'), h('code', {}, JSON.stringify(one.record))]);

// row shows a record with what has to be confirmed of it, and its versions.
const row = (kind, one, cameras, correct) => h('li', {class: 'stack tight', 'data-id': one.id},
  h('div', {class: 'row apart'}, h('span', {}, one.unreadable ? t('console.record.unreadable') : summary(kind, one.record, cameras)),
    one.record?.date && h('span', {class: 'soft small'}, day(one.record.date)),
    isManager && !one.unreadable && h('button', {class: 'button', type: 'button', onclick: () => correct(one)}, t('console.record.correct'))),
  one.confirm && h('p', {class: 'small'}, t('console.record.confirm', both(one.confirm))),
  one.earlier && h('details', {class: 'small'}, h('summary', {}, t('console.record.versions', one.earlier.length + 1)), h('ul', {class: 'list'}, [...one.earlier, one].reverse().map(version))));

// section shows the records of one kind and the form for another one, or for the next
// version of one.
export function section(kind, context) {
  const list = h('ul', {class: 'list'}), place = h('div', {}), path = '/v1/records/' + kind.id;
  const open = async old => {
    const today = await siteToday(), asked = form(kind.fields, {...context, today, old}, old?.record);
    const why = h('input', {name: 'correction', maxlength: 300, required: true});
    const element = h('form', {'data-record': kind.id}, old && field(t('console.record.correction'), why, t('console.record.correction_hint')), asked.elements, h('p', {class: 'wrong', role: 'alert'}),
      h('div', {class: 'row'}, h('button', {class: 'button first'}, t('console.record.keep')), h('button', {class: 'button', type: 'button', onclick: () => fill(place, button)}, t('console.cancel'))));
    onSubmit(element, async () => {
      const record = await asked.read();
      if (old) await api('PUT', `${path}/${old.id}`, {reason: oneLine(why.value), record});
      else await api('POST', path, record);
      fill(place, button);
      tell(t('console.record.kept_now'));
      button.focus();
      await load();
      context.changed();
    });
    fill(place, element);
    element.querySelector('input, textarea, select').focus();
  };
  const button = h('button', {class: 'button', type: 'button', 'data-add': kind.id, onclick: () => open()}, icon('plus'), t(`console.record.${kind.id}.add`));
  if (isManager) fill(place, button);
  const load = async () => {
    const all = await api('GET', path);
    count.textContent = all.length ? ` (${all.length})` : '';
    fill(list, all.slice(-10).reverse().map(one => row(kind, one, context.cameras, open)));
  };
  const count = h('span', {class: 'soft'});
  const details = h('details', {class: 'card', id: kind.id}, h('summary', {}, both(kind.name), count), h('p', {class: 'soft'}, both(kind.about)), list, place);
  load().catch(error => fill(list, note('warn', error.message)));
  // reveal opens the form for another record; where one that is there is to be mended, the list.
  details.reveal = mend => { details.open = true; if (isManager && !mend) open(); details.scrollIntoView({block: 'start'}); if (mend) list.querySelector('button')?.focus({preventScroll: true}); };
  return details;
}
