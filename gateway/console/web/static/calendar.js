import {api, h, t, $, fill, note, field, onSubmit, tell, isManager} from '/static/app.js';

// The years whose days off are known, and the file that brings another one.
function draw({today, time_zone, years}) {
  fill($('#calendar-years'), h('p', {}, t('console.calendar.today', today, time_zone)),
    h('ul', {class: 'list'}, years.map(year => h('li', {'data-year': year.year}, `${year.year} · ${year.source} · ` + t(year.own ? 'console.calendar.own' : 'console.calendar.built_in')))));
}

const form = $('#calendar-form');
if (isManager) {
  fill(form, field(t('console.calendar.file'), h('input', {name: 'file', type: 'file', accept: '.yaml,.yml', required: true}), t('console.calendar.file_hint')),
    h('p', {class: 'wrong', role: 'alert'}), h('div', {class: 'row'}, h('button', {class: 'button'}, t('console.calendar.bring'))));
}
onSubmit(form, async () => {
  draw(await api('PUT', '/v1/calendar', form.elements.file.files[0], {'Content-Type': 'application/yaml'}));
  tell(t('console.saved'));
});

try { draw(await api('GET', '/v1/calendar')); } catch (error) { fill($('#calendar-years'), note('bad', error.message)); }
