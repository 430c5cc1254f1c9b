import {h, t, fill, icon} from '/static/app.js';

const turns = ['0', '90', '180', '270'];

// mountingChoices shows the masked picture in all four turns, to choose the one in
// which people stand upright. Without a picture the words stay.
export function mountingChoices(id, now, editable) {
  const src = `/api/v1/cameras/${encodeURIComponent(id)}/snapshot.jpg?at=${Date.now()}`;
  const choice = (mounting, ...above) => h('label', {class: 'choice'},
    h('input', {type: 'radio', name: 'mounting', value: mounting, checked: mounting === now, disabled: !editable}),
    h('span', {}, ...above, h('strong', {}, t('console.mounting.' + mounting)), mounting === 'auto' && h('span', {class: 'small soft'}, t('console.mounting.auto_about'))));
  const turned = turn => {
    const frame = h('span', {class: 'turned', 'data-turn': turn, 'aria-hidden': 'true'});
    const picture = h('img', {alt: '', loading: 'lazy'});
    picture.onerror = () => fill(frame, icon('off'));
    picture.src = src;
    fill(frame, picture);
    return choice(turn, frame);
  };
  return h('fieldset', {'aria-labelledby': 'mounting-head'}, h('div', {class: 'stack tight'}, choice('auto'), h('div', {class: 'choices quarters'}, turns.map(turned))));
}
