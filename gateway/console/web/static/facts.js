import {api, h, t, both, note} from '/static/app.js';

export const places = await api('GET', '/v1/places');
export const purposes = await api('GET', '/v1/purposes');

// placeOptions fills a select: ordinary places, then the prohibited ones.
export function placeOptions(select, value) {
  const option = place => h('option', {value: place.id}, both(place.name));
  select.replaceChildren(h('option', {value: ''}, t('console.facts.choose')),
    ...places.filter(place => !place.prohibited).map(option),
    h('optgroup', {label: t('console.facts.prohibited')}, places.filter(place => place.prohibited).map(option)));
  select.value = value ?? '';
}

export function purposeOptions(select, value) {
  select.replaceChildren(h('option', {value: ''}, t('console.facts.choose')),
    ...purposes.map(purpose => h('option', {value: purpose.id}, both(purpose.name))));
  select.value = value ?? '';
}

// law is what the rules say about a place: beside the choice, before it is made.
export function law(id) {
  const place = places.find(one => one.id === id);
  if (!place) return note('law', h('h3', {}, t('console.law.title')), h('p', {class: 'small'}, t('console.law.choose')));
  if (place.prohibited) return note('bad', h('h3', {}, t('console.law.prohibited')), h('p', {}, both(place.law)), h('p', {class: 'small'}, t('console.law.prohibited_about')));
  return note('law', h('h3', {}, t('console.law.allowed')), h('p', {class: 'small'}, both(place.law) || t('console.law.allowed_about')));
}
