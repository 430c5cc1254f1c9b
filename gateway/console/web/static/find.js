import {h, icon, t, both, fill, choices, cameraTone, lang} from '/static/app.js';

// What of many cameras is shown, and in which order: the worst first, then group by group.

const collator = new Intl.Collator(lang, {numeric: true});
export const byName = (a, b) => collator.compare(a.name, b.name) || collator.compare(a.id, b.id);
export const byGroup = (a, b) => collator.compare(a, b);
// groupsIn are the groups that there are.
export const groupsIn = cameras => [...new Set(cameras.map(camera => camera.group).filter(Boolean))].sort(byGroup);

const needsLook = camera => cameraTone(camera) !== 'good';
const rank = {blocked: 0, offline: 1};

// lookFirst puts cameras into parts: those that need a look, the worst first, and the others by their groups,
// those without one last.
export function lookFirst(cameras) {
  const look = cameras.filter(needsLook).sort((a, b) => (rank[a.protection] ?? 2) - (rank[b.protection] ?? 2) || byName(a, b));
  const fine = cameras.filter(c => !needsLook(c)).sort(byName), groups = [...new Set(fine.map(c => c.group ?? ''))];
  groups.sort((a, b) => !a - !b || byGroup(a, b));
  const parts = groups.map(group => ({key: 'group ' + group, title: group || t(groups.length > 1 ? 'console.overview.no_group' : look.length ? 'console.overview.others' : 'console.overview.cameras'), cameras: fine.filter(c => (c.group ?? '') === group)}));
  return look.length ? [{key: 'look', title: t('console.overview.look', look.length), cameras: look}, ...parts] : parts;
}

// few is up to how many cameras nobody has to search.
const few = 4, kept = 'bauta.overview.view';
const lackWords = ['place', 'purposes', 'purpose', 'capture'];
const urgent = ['place', 'purposes'];

// Find is the row to search in, and the lines about what many cameras lack at once.
export class Find {
  constructor(root, lines, changed) {
    Object.assign(this, {root, lines, changed, words: '', group: '', lack: '', calm: new Set()});
    this.view = localStorage.getItem(kept) === 'list' ? 'list' : 'tiles';
  }

  build() {
    this.search = h('input', {type: 'search', 'aria-label': t('console.overview.search'), placeholder: t('console.overview.search'), oninput: () => { this.words = this.search.value; this.changed(); }});
    this.groups = choices([['', t('console.overview.all_groups')]], '', {'aria-label': t('console.overview.group'), onchange: () => { this.group = this.groups.value; this.changed(); }});
    const one = view => h('button', {class: 'button', type: 'button', 'data-view': view, 'aria-pressed': String(view === this.view), onclick: () => this.choose(view)}, icon(view === 'list' ? 'rows' : 'fleet'), t('console.overview.view.' + view));
    this.views = h('div', {class: 'row', role: 'group', 'aria-label': t('console.overview.view')}, one('tiles'), one('list'));
    fill(this.root, this.search, this.groups, this.views, h('a', {class: 'button', href: '/wall'}, icon('screen'), t('console.wall.open')));
  }

  choose(view) {
    this.view = view;
    try { localStorage.setItem(kept, view); } catch { /* a browser that keeps nothing begins with tiles */ }
    for (const button of this.views.children) button.setAttribute('aria-pressed', String(button.dataset.view === view));
    this.changed();
  }

  clear() {
    this.words = this.group = this.lack = '';
    if (this.search) this.search.value = this.groups.value = '';
  }

  // show returns those cameras that fit, and draws what leads to others.
  show(cameras, more) {
    if (!this.search && cameras.length) this.build();
    this.root.hidden = !cameras.length;
    this.root.classList.toggle('few', cameras.length <= few);
    this.offer(cameras);
    this.count(cameras, more);
    const words = this.words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    return cameras.filter(camera => {
      const said = [camera.name, camera.id, camera.group, both(more.get(camera.id)?.place)].join('\n').toLocaleLowerCase();
      return words.every(word => said.includes(word)) && (!this.group || camera.group === this.group) && (!this.lack || more.get(camera.id)?.lacks.includes(this.lack));
    });
  }

  // offer lists the groups that there are.
  offer(cameras) {
    const groups = groupsIn(cameras), said = groups.join('\n');
    if (!this.groups || this.groups.dataset.said === said) return;
    this.groups.dataset.said = said;
    if (!groups.includes(this.group)) this.group = '';
    fill(this.groups, [['', t('console.overview.all_groups')], ...groups.map(group => [group, group])].map(([value, word]) => h('option', {value}, word)));
    this.groups.value = this.group;
    this.groups.hidden = !groups.length;
  }

  // count says in one line each what several cameras lack; their tiles do not say it then.
  count(cameras, more) {
    const counts = lackWords.map(lack => [lack, cameras.filter(c => more.get(c.id)?.lacks.includes(lack)).length]).filter(([, n]) => n > 1);
    this.calm = new Set(counts.map(([lack]) => lack).filter(lack => lack !== this.lack));
    if (this.lack && !counts.some(([lack]) => lack === this.lack)) this.lack = '';
    const said = counts.join() + this.lack;
    if (this.lines.dataset.said === said) return;
    this.lines.dataset.said = said;
    const had = this.lines.contains(document.activeElement) && document.activeElement.dataset.lack;
    fill(this.lines, counts.map(([lack, n]) => h('li', {class: 'row apart'},
      h('span', {class: 'row'}, icon(urgent.includes(lack) ? 'warn' : 'law'), t('console.overview.lacks.' + lack, n)),
      h('button', {class: 'button', type: 'button', 'data-lack': lack, 'aria-pressed': String(lack === this.lack), onclick: () => { this.lack = this.lack === lack ? '' : lack; this.changed(); }}, t(lack === this.lack ? 'console.overview.lacks.all' : 'console.overview.lacks.show')))));
    if (had) this.lines.querySelector(`[data-lack=${had}]`)?.focus();
  }
}
