import {api, call, h, t, when} from '/static/app.js';

// Two people who change the same thing at once see each other's values, line by line.

// read returns a value with its tag.
export async function read(path) {
  const response = await call('GET', path);
  return {value: await response.json(), tag: response.headers.get('ETag')};
}

const same = (a, b) => JSON.stringify(a ?? '') === JSON.stringify(b ?? '') || empty(a) && empty(b);
const empty = value => value === undefined || value === null || value === '' || value === false || Array.isArray(value) && !value.length;

// change sends a change of what was read before. Where somebody else changed it meanwhile, and by
// theirs it is read anew, the reader chooses what holds. It returns what was saved with the answer,
// or null where the reader turned back.
export async function change({method = 'PUT', path, value, base, tag, theirs, fields, body = whole => whole}) {
  for (;;) {
    try { return {value, answer: await api(method, path, body(value), tag ? {'If-Match': tag} : {})}; }
    catch (error) {
      if (error.status !== 412) throw error;
      const now = await theirs();
      if (now.value === undefined) throw new Error(t('console.meanwhile.gone'));
      const next = await settle(fields, base ?? {}, value, now.value, error.changed);
      if (!next) return null;
      ({tag} = now);
      base = now.value;
      value = next;
    }
  }
}

// optionWord says what a select of a form offers, by its value.
export const optionWord = (form, name) => value => [...form.elements[name]?.options ?? []].find(one => one.value === value)?.text ?? value;

// settle merges: what only one of them changed is that one's by default, what both did is asked.
async function settle(fields, base, mine, their, changed) {
  const next = {...their}; // what nobody changes here stays theirs
  for (const one of fields) next[one.id] = mine[one.id];
  const lines = fields.filter(one => !same(their[one.id], base[one.id]) && !same(mine[one.id], their[one.id]));
  if (!lines.length) return next;
  const taken = await ask(lines, base, mine, their, changed);
  if (!taken) return null;
  for (const one of lines) if (taken[one.id] === 'their') next[one.id] = their[one.id];
  return next;
}

// who says who changed it.
export const who = changed => !changed ? '' : changed.by ? t('console.meanwhile.user', changed.by, when(changed.at))
  : t('console.meanwhile.' + ({host: 'host', machine: 'by'}[changed.way] ?? 'who'), when(changed.at));

function ask(lines, base, mine, their, changed) {
  const say = (one, value) => empty(value) ? t('console.meanwhile.empty') : one.show ? one.show(value) : Array.isArray(value) ? value.join(', ') : String(value);
  const line = one => {
    const both = !same(mine[one.id], base[one.id]);
    const choice = (whose, value) => h('label', {class: 'choice'}, h('input', {type: 'radio', name: 'm-' + one.id, value: whose, required: true, checked: !both && whose === 'their'}),
      h('span', {}, h('strong', {}, t('console.meanwhile.' + whose)), h('span', {}, say(one, value))));
    return h('fieldset', {'data-line': one.id}, h('legend', {}, one.name), h('div', {class: 'choices'}, choice('mine', mine[one.id]), choice('their', their[one.id])));
  };
  return new Promise(resolve => {
    const form = h('form', {id: 'meanwhile'}, lines.map(line), h('div', {class: 'row'}, h('button', {class: 'button first'}, t('console.save')),
      h('button', {class: 'button', type: 'button', onclick: () => dialog.close()}, t('console.cancel'))));
    const dialog = h('dialog', {class: 'wide', 'aria-labelledby': 'meanwhile-head'}, h('h2', {id: 'meanwhile-head'}, t('console.meanwhile.title')), who(changed) && h('p', {}, who(changed)), h('p', {class: 'soft'}, t('console.meanwhile.about')), form);
    let taken = null;
    form.addEventListener('submit', event => {
      event.preventDefault();
      taken = Object.fromEntries(lines.map(one => [one.id, form.querySelector(`[name="m-${one.id}"]:checked`).value]));
      dialog.close();
    });
    dialog.addEventListener('close', () => { dialog.remove(); resolve(taken); });
    document.body.append(dialog);
    dialog.showModal();
  });
}
