import {api, h, t, $, fill, icon, note, field, onSubmit, values, confirm, tell, day, when, copied, isManager, lang} from '/static/app.js';
import {byName, groupsIn} from '/static/find.js';

// The links of screens: made, listed and withdrawn.

let cameras = [];
const path = one => '/v1/displays/' + encodeURIComponent(one.id);
const nameOf = id => cameras.find(camera => camera.id === id)?.name ?? id;

function shown(one) {
  if (one.all) return t('console.screen.all');
  return [...one.groups ?? [], ...(one.cameras ?? []).map(nameOf)].join(' · ') || t('console.screen.no_camera');
}

function row(one) {
  const names = h('p', {class: 'small', role: 'status'});
  const who = h('button', {class: 'button', type: 'button', onclick: async () => {
    try {
      const {person, place} = await api('GET', path(one));
      names.textContent = t('console.screen.names', person, place);
      who.remove();
    } catch (error) { tell(error.message, 'bad'); }
  }}, t('console.screen.who'));
  const over = new Date(one.expires) <= Date.now();
  return h('li', {class: 'row apart', 'data-screen': one.id},
    h('div', {class: 'stack tight grows'}, h('span', {}, h('strong', {}, one.label), ' ', h('span', {class: 'soft small'}, shown(one))),
      h('span', {class: 'soft small'}, over ? t('console.screen.ended') : t('console.box.until', day(one.expires)), ' · ', one.last_seen ? t('console.screen.seen', when(one.last_seen)) : t('console.screen.never')), names),
    h('div', {class: 'row'}, who, h('button', {class: 'button danger', type: 'button', onclick: () => withdraw(one)}, t('console.screen.withdraw'))));
}

async function withdraw(one) {
  if (!await confirm(t('console.screen.withdraw_sure', one.label), t('console.screen.withdraw_about'), t('console.screen.withdraw'))) return;
  try { await api('DELETE', path(one)); await draw(); tell(t('console.screen.withdrawn')); } catch (error) { tell(error.message, 'bad'); }
}

// which is what of the cameras the screen shows.
function which() {
  const box = (name, value, word) => h('label', {class: 'choice'}, h('input', {type: 'checkbox', name, value}), h('span', {}, word));
  const some = h('fieldset', {hidden: true}, h('legend', {class: 'unseen'}, t('console.screen.some')), h('div', {class: 'choices'}, groupsIn(cameras).map(group => box('group', group, group)), cameras.map(camera => box('camera', camera.id, camera.name))));
  const all = h('input', {type: 'checkbox', name: 'all', checked: true, onchange: () => { some.hidden = all.checked; }});
  return [h('label', {class: 'choice plain'}, all, h('span', {}, t('console.screen.show_all'))), some];
}

function add() {
  const form = h('form', {id: 'screen-new'}, h('div', {class: 'fields'},
    field(t('console.screen.label'), h('input', {name: 'label', required: true, maxlength: 60, autocomplete: 'off'}), t('console.screen.label_hint')),
    field(t('console.screen.person'), h('input', {name: 'person', required: true, maxlength: 60, autocomplete: 'off'}), t('console.screen.person_hint')),
    field(t('console.screen.place'), h('input', {name: 'place', required: true, maxlength: 60, autocomplete: 'off'})),
    field(t('console.token.days'), h('input', {name: 'days', type: 'number', min: 1, max: 400, value: 365, required: true}))),
    which(), h('p', {class: 'wrong', role: 'alert'}), h('div', {class: 'row'}, h('button', {class: 'button'}, icon('plus'), t('console.screen.add'))));
  onSubmit(form, async () => {
    const {label, person, place, days, all} = values(form), checked = name => [...form.querySelectorAll(`[name=${name}]:checked`)].map(box => box.value);
    const some = all ? {} : {cameras: checked('camera'), groups: checked('group')};
    if (!all && !some.cameras.length && !some.groups.length) throw new Error(t('console.screen.choose'));
    const made = await api('POST', '/v1/displays', {label, person, place, days: Number(days), ...some});
    await draw(`${location.origin}/display?lang=${lang}#${made.token}`);
  });
  return form;
}

async function draw(link) {
  const all = await api('GET', '/v1/displays');
  fill($('#screens'), link && note('good', h('p', {}, t('console.screen.once')), copied(link)),
    all.length ? h('ul', {class: 'list'}, all.map(row)) : h('p', {class: 'soft'}, t('console.screen.empty')), add());
}

if (isManager) {
  try {
    cameras = (await api('GET', '/v1/cameras')).sort(byName);
    await draw();
  } catch (error) { tell(error.message, 'bad'); }
}
