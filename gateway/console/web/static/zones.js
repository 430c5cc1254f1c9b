import {h, s, t, both, fill, icon, field} from '/static/app.js';
import {keep, drop, kept, offer} from '/static/draft.js';

export const kinds = ['private', 'masked', 'moving', 'consent', 'capture'];
const step = .01, bigStep = .05, slip = .012;
const clamp = v => Math.min(1, Math.max(0, v));
const round = v => Math.round(v * 1e4) / 1e4;

// What an area is called: its name, or its id where an earlier version gave it none.
export const called = zone => zone.name || zone.id;

// Editor draws a camera's zones over its picture. Areas are made and changed by
// mouse, finger and keyboard alike; `changed` is called whenever the shape or
// what is chosen has changed.
export class Editor {
  constructor(stage, {editable, changed}) {
    Object.assign(this, {stage, editable, changed, zones: [], chosen: null, draft: null, drawing: false});
    this.svg = s('svg', {viewBox: '0 0 1000 1000', preserveAspectRatio: 'none', 'aria-hidden': 'true'});
    this.corners = h('div', {role: 'group', 'aria-label': t('console.zone.corners')});
    this.live = h('div', {class: 'unseen', 'aria-live': 'polite'});
    stage.append(this.svg, this.corners, this.live);
    stage.addEventListener('pointerdown', event => this.press(event));
    stage.addEventListener('keydown', event => { if (event.key === 'Escape') this.cancel(); });
  }

  set(zones) { this.zones = zones; this.draw(); }

  // begin starts a new area: its corners are clicked or dragged in the picture.
  begin(kind) {
    this.chosen = null;
    this.draft = {kind, points: []};
    this.drawing = true;
    this.update();
  }

  // rectangle makes the draft one in the middle, for those without a mouse.
  rectangle() {
    this.draft.points = [[.35, .35], [.65, .35], [.65, .65], [.35, .65]].map(([x, y]) => ({x, y}));
    this.finish();
    this.corners.querySelector('button')?.focus();
  }

  choose(zone) {
    this.chosen = zone;
    this.draft = zone && {...zone, points: zone.points.map(p => ({...p}))};
    this.drawing = false;
    this.update();
  }

  cancel() { this.choose(null); }

  finish() { this.drawing = false; this.update(); }

  undo() { this.draft?.points.pop(); this.update(); }

  update() { this.draw(); this.changed(); }

  draw() {
    this.stage.classList.toggle('drawing', this.drawing);
    const areas = this.zones.filter(zone => zone !== this.chosen).map(zone => this.area(zone));
    if (this.draft) areas.push(this.area(this.draft, true));
    fill(this.svg, areas);
    this.handles();
  }

  area(zone, chosen) {
    const points = zone.points.map(p => `${p.x * 1000},${p.y * 1000}`).join(' ');
    const shape = s(chosen && this.drawing ? 'polyline' : 'polygon', {points, class: `area ${zone.kind}${chosen ? this.drawing ? ' draft' : ' chosen' : ''}`, 'data-zone': zone.id});
    if (chosen && !this.drawing && this.editable) shape.addEventListener('pointerdown', event => this.dragWhole(event, shape));
    else if (!chosen) shape.addEventListener('click', () => { if (!this.drawing) this.choose(zone); });
    return shape;
  }

  handles() {
    if (!this.draft || !this.editable) return fill(this.corners);
    const focused = [...this.corners.children].indexOf(document.activeElement);
    const points = this.draft.points;
    const dots = points.map((point, i) => this.corner(point, i));
    const whole = !this.drawing && points.length > 2 ? [this.wholeHandle()] : [];
    const middles = this.drawing ? [] : points.map((point, i) => this.middle(point, points[(i + 1) % points.length], i));
    fill(this.corners, dots, whole, middles);
    if (focused >= 0) this.corners.children[Math.min(focused, dots.length + whole.length - 1)]?.focus();
  }

  place(element, point) {
    element.style.left = point.x * 100 + '%';
    element.style.top = point.y * 100 + '%';
    return element;
  }

  corner(point, i) {
    const dot = h('button', {type: 'button', class: 'corner', 'aria-label': t('console.zone.corner', i + 1, Math.round(point.x * 100), Math.round(point.y * 100)),
      onpointerdown: event => this.drawing ? i === 0 && this.draft.points.length > 2 && this.finishBy(event) : this.drag(event, i),
      onkeydown: event => this.key(event, i)});
    return this.place(dot, point);
  }

  finishBy(event) { event.stopPropagation(); event.preventDefault(); this.finish(); }

  wholeHandle() {
    const dot = h('button', {type: 'button', class: 'corner whole', 'aria-label': t('console.zone.whole'),
      onpointerdown: event => this.dragWhole(event, dot), onkeydown: event => this.key(event, null)});
    return this.place(dot, this.centre());
  }

  centre() {
    const points = this.draft.points;
    return {x: points.reduce((sum, p) => sum + p.x, 0) / points.length, y: points.reduce((sum, p) => sum + p.y, 0) / points.length};
  }

  middle(a, b, i) {
    const dot = h('button', {type: 'button', class: 'corner mid', tabindex: -1, 'aria-hidden': 'true', onpointerdown: event => {
      this.draft.points.splice(i + 1, 0, {x: (a.x + b.x) / 2, y: (a.y + b.y) / 2});
      this.drag(event, i + 1);
    }});
    return this.place(dot, {x: (a.x + b.x) / 2, y: (a.y + b.y) / 2});
  }

  at(event) {
    const box = this.stage.getBoundingClientRect();
    return {x: round(clamp((event.clientX - box.left) / box.width)), y: round(clamp((event.clientY - box.top) / box.height))};
  }

  // track follows a pointer until it is lifted. The listeners are the window's:
  // the handles are drawn anew on the way.
  track(event, move, done) {
    event.preventDefault();
    event.stopPropagation();
    const id = event.pointerId;
    const onMove = e => { if (e.pointerId === id) move(e); };
    const onUp = e => {
      if (e.pointerId !== id) return;
      removeEventListener('pointermove', onMove);
      removeEventListener('pointerup', onUp);
      removeEventListener('pointercancel', onUp);
      done?.(e);
    };
    addEventListener('pointermove', onMove);
    addEventListener('pointerup', onUp);
    addEventListener('pointercancel', onUp);
  }

  drag(event, i) { this.track(event, e => { this.draft.points[i] = this.at(e); this.update(); }); }

  dragWhole(event) {
    const start = this.at(event), before = this.draft.points.map(p => ({...p}));
    this.track(event, e => { const now = this.at(e); this.shift(before, now.x - start.x, now.y - start.y); this.update(); });
  }

  // shift moves all corners, no further than the picture reaches.
  shift(points, dx, dy) {
    const xs = points.map(p => p.x), ys = points.map(p => p.y);
    dx = Math.max(-Math.min(...xs), Math.min(1 - Math.max(...xs), dx));
    dy = Math.max(-Math.min(...ys), Math.min(1 - Math.max(...ys), dy));
    this.draft.points = points.map(p => ({x: round(p.x + dx), y: round(p.y + dy)}));
  }

  // press sets corners while drawing: a click one, a drag the rectangle.
  press(event) {
    if (!this.drawing || event.button > 0) return;
    const start = this.at(event), before = this.draft.points;
    let dragged = false;
    this.track(event, e => {
      const now = this.at(e);
      dragged ||= !before.length && Math.abs(now.x - start.x) > slip && Math.abs(now.y - start.y) > slip;
      if (!dragged) return;
      this.draft.points = [start, {x: now.x, y: start.y}, now, {x: start.x, y: now.y}];
      this.draw();
    }, () => {
      if (dragged) return this.finish();
      this.draft.points = [...before, start];
      this.update();
    });
  }

  key(event, i) {
    const by = event.shiftKey ? bigStep : step;
    const [dx, dy] = {ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by]}[event.key] ?? [];
    const points = this.draft.points;
    if (dx !== undefined) {
      if (i === null) this.shift(points, dx, dy);
      else points[i] = {x: round(clamp(points[i].x + dx)), y: round(clamp(points[i].y + dy))};
    } else if (event.key === 'Delete' && i !== null && points.length > 3) points.splice(i, 1);
    else if (event.key === '+' && i !== null) {
      const next = points[(i + 1) % points.length];
      points.splice(i + 1, 0, {x: round((points[i].x + next.x) / 2), y: round((points[i].y + next.y) / 2)});
    } else return;
    event.preventDefault();
    this.update();
    const p = i === null ? this.centre() : points[Math.min(i, points.length - 1)];
    this.live.textContent = t('console.zone.moved', Math.round(p.x * 100), Math.round(p.y * 100));
  }
}

// ZonePanel is the form and the list beside the picture.
export class ZonePanel {
  constructor({stage, form, list, newButton, editable, store}) {
    Object.assign(this, {form, list, store, editable});
    this.editor = new Editor(stage, {editable, changed: () => this.show()});
    newButton.addEventListener('click', () => { this.editor.begin('private'); this.form.querySelector('input')?.focus(); });
    this.newButton = newButton;
  }

  async load() {
    const {zones, shares, purposes, tag} = await this.store.list();
    this.tag = tag;
    this.purposes = purposes;
    this.shares = shares;
    this.editor.set(zones);
    this.draw();
    if (!this.editable || this.offered) return;
    this.offered = true;
    if (!kept('zone')?.is.points?.length) return drop('zone');
    const box = offer('zone', is => this.take(is));
    if (box) this.form.before(box);
  }

  // take goes on with an area that was half drawn when the page was left.
  take({chosen, drawing, name, purposes, ...draft}) {
    const one = this.editor.zones.find(zone => zone.id === chosen) ?? null;
    this.editor.chosen = one;
    this.editor.draft = draft;
    this.editor.drawing = drawing;
    this.built = null;
    this.editor.update();
    const field = this.form.querySelector('#zone-name');
    if (name && field) { field.value = name; field.dispatchEvent(new Event('input', {bubbles: true})); }
    for (const box of this.whatFor.querySelectorAll('input')) box.checked = purposes.includes(box.value);
    this.form.scrollIntoView({block: 'nearest'});
  }

  // remember keeps what is being drawn over a reload.
  remember() {
    const {draft, chosen, drawing} = this.editor;
    if (!draft?.points.length) return drop('zone');
    keep('zone', {id: draft.id, kind: draft.kind, points: draft.points, chosen: chosen?.id, drawing, name: this.form.querySelector('#zone-name')?.value, purposes: [...this.whatFor.querySelectorAll(':checked')].map(box => box.value)});
  }

  purposeWord(id) { return both(this.purposes.find(one => one.id === id)?.name) || id; }

  zones() { return this.editor.zones; }

  draw() {
    const zones = this.editor.zones;
    fill(this.list, zones.length ? zones.map(zone => h('li', {class: 'row apart'},
      h('div', {class: 'row'}, h('span', {class: 'swatch ' + zone.kind, 'aria-hidden': 'true'}), h('span', {}, h('strong', {}, called(zone)), ' ', h('span', {class: 'soft small'}, t('console.zone.kind.' + zone.kind)), this.counts(zone))),
      this.editable && h('button', {class: 'button', type: 'button', 'data-zone': zone.id, 'aria-label': t('console.zone.change_one', called(zone)), onclick: () => { this.editor.choose(zone); this.form.scrollIntoView({block: 'nearest'}); this.form.querySelector('input')?.focus(); }}, t('console.zone.change'))))
      : h('li', {class: 'soft'}, t('console.zone.none')));
  }

  // counts tells what a consent area shows people for, and asks where nobody said it.
  counts(zone) {
    if (zone.kind !== 'consent') return null;
    const words = (zone.purposes ?? []).map(id => this.purposeWord(id)).join(', ');
    const ask = zone.assumed ? t('console.zone.purposes_confirm') : words ? '' : t('console.zone.purposes_none');
    return h('div', {class: 'small'}, words && h('span', {class: 'soft'}, words), ask && h('div', {class: 'wrong', 'data-assumed': zone.id}, ask));
  }

  // freeName is the first name of its kind that no area here has.
  freeName(kind) {
    const taken = this.editor.zones.map(called), word = t('console.zone.default.' + kind);
    for (let i = 1; ; i++) if (!taken.includes(`${word} ${i}`)) return `${word} ${i}`;
  }

  show() {
    const {draft, chosen, drawing} = this.editor;
    this.newButton.disabled = !!draft;
    if (!draft) { if (this.built) drop('zone'); this.built = null; fill(this.form); return; }
    if (this.built !== (chosen ?? 'new')) this.build(draft, chosen);
    const enough = draft.points.length > 2;
    fill(this.help, drawing ? t('console.zone.draw') : t('console.zone.adjust'));
    this.rect.hidden = !drawing;
    this.done.hidden = !drawing || !enough;
    this.undo.hidden = !drawing || !draft.points.length;
    this.save.hidden = drawing;
    this.whatFor.hidden = draft.kind !== 'consent';
    this.remember();
  }

  build(draft, chosen) {
    this.built = chosen ?? 'new';
    const button = (label, work, kind = '') => h('button', {type: 'button', class: 'button ' + kind, onclick: work}, label);
    const name = h('input', {name: 'name', value: chosen ? called(chosen) : this.freeName(draft.kind), maxlength: 33, required: true, autocomplete: 'off', id: 'zone-name'});
    let own = !!chosen;
    name.addEventListener('input', () => { own = true; });
    const kindField = h('fieldset', {}, h('legend', {}, t('console.zone.kind')), h('div', {class: 'choices'}, kinds.map(kind => h('label', {class: 'choice'},
      h('input', {type: 'radio', name: 'kind', value: kind, checked: draft.kind === kind, onchange: () => { this.editor.draft.kind = kind; if (!own) name.value = this.freeName(kind); this.whatFor.hidden = kind !== 'consent'; this.editor.draw(); }}),
      h('span', {}, h('span', {class: 'row'}, h('span', {class: 'swatch ' + kind, 'aria-hidden': 'true'}), h('strong', {}, t('console.zone.kind.' + kind))), h('span', {class: 'small soft'}, t('console.zone.kind_about.' + kind)))))));
    this.whatFor = h('fieldset', {id: 'zone-purposes'}, h('legend', {}, t('console.zone.purposes')),
      h('p', {class: 'hint'}, chosen?.assumed ? t('console.zone.purposes_assumed') : t('console.zone.purposes_about')),
      h('div', {class: 'choices'}, this.purposes.map(one => h('label', {class: 'choice'}, h('input', {type: 'checkbox', name: 'purpose', value: one.id, checked: !!chosen?.purposes?.includes(one.id)}), h('span', {}, both(one.name))))));
    this.help = h('div', {});
    this.rect = button(t('console.zone.rectangle'), () => this.editor.rectangle());
    this.rect.id = 'zone-rectangle';
    this.done = button(t('console.zone.finish'), () => { this.editor.finish(); this.save.focus(); });
    this.undo = button(t('console.zone.undo'), () => this.editor.undo(), 'quiet');
    this.save = h('button', {class: 'button first', id: 'zone-save'}, t('console.zone.save'));
    this.wrong = h('p', {class: 'wrong', role: 'alert'});
    const form = h('form', {id: 'zone-edit'}, kindField, this.whatFor,
      field(t('console.zone.name'), name, t('console.zone.name_hint')),
      h('div', {class: 'note'}, icon('wait'), this.help), this.wrong,
      h('div', {class: 'row'}, this.save, this.rect, this.done, this.undo, button(t('console.cancel'), () => { this.editor.cancel(); this.newButton.focus(); }),
        chosen && button(t('console.zone.delete'), () => this.remove(chosen), 'danger')));
    form.addEventListener('input', () => this.remember());
    form.addEventListener('submit', event => { event.preventDefault(); this.keep(name.value.trim(), chosen); });
    fill(this.form, form);
  }

  // keep stores an area. A new one has no id yet: the gateway makes one of its name.
  async keep(name, chosen) {
    const {kind, points} = this.editor.draft;
    const purposes = kind === 'consent' ? [...this.whatFor.querySelectorAll(':checked')].map(box => box.value) : undefined;
    this.wrong.textContent = purposes?.length === 0 ? t('console.zone.purposes_need') : '';
    if (this.wrong.textContent) return;
    this.save.disabled = true;
    try {
      if (!await this.store.put({name, kind, points, purposes, ...chosen && {id: chosen.id}}, chosen ?? undefined, chosen && this.tag)) return;
      this.editor.cancel();
      await this.load();
      this.store.saved(name);
      this.newButton.focus();
    } catch (error) { this.wrong.textContent = error.message; }
    finally { this.save.disabled = false; }
  }

  async remove(zone) {
    if (!await this.store.agree(zone)) return;
    try {
      const answer = await this.store.remove(zone.id);
      this.editor.cancel();
      await this.load();
      this.store.removed(called(zone), answer);
      this.newButton.focus();
    } catch (error) { this.wrong.textContent = error.message; }
  }
}
