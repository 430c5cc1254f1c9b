import {h, icon, t, both, fill, state, when, percent, call, cameraTone, cameraWord, cameraAction, reasonOf, has} from '/static/app.js';
import {historyBar, measured, begin, young} from '/static/history.js';

// How often the still of a tile in view comes anew, how soon where the state of its camera changed, and how long is
// waited for more tiles to come into view, in milliseconds; and how many are asked for at once.
const freshen = 20000, rest = 3000, gather = 150, atOnce = 16;

// A picture is only ever the worker's masked output; where there is none the tile says why
// instead of showing an old one.
const shows = (camera, old) => !old && ['protected', 'over_masked'].includes(camera?.protection);

// Tiles are the cameras, in parts with headings.
export class Tiles {
  constructor(root, manages) {
    Object.assign(this, {root, manages, tiles: new Map(), parts: new Map(), cameras: new Map(), old: false, view: 'tiles', asked: new Map(), timer: 0, busy: false});
    this.seen = new Set(); // ids in view
    this.eyes = new IntersectionObserver(entries => {
      for (const entry of entries) this.seen[entry.isIntersecting ? 'add' : 'delete'](entry.target.dataset.camera);
      this.soon();
    });
    setInterval(() => this.stills(), freshen / 4);
  }

  show(parts, {more, old, calm, view, all}) {
    Object.assign(this, {old, view});
    this.root.dataset.view = view;
    this.cameras = new Map(parts.flatMap(part => part.cameras).map(camera => [camera.id, camera]));
    const had = document.activeElement, heads = parts.length > 1;
    const sections = parts.map(part => this.part(part, heads, part.cameras.map(camera => this.tile(camera, more.get(camera.id) ?? {}, calm))));
    const wanted = [...sections, ...this.manages && all ? [this.add ??= h('ul', {class: 'tiles'}, h('li', {class: 'tile add'}, h('a', {href: '/cameras/new'}, icon('plus'), t('console.overview.add'))))] : []];
    this.order(this.root, wanted);
    if (had !== document.activeElement && had?.isConnected) had.focus();
    this.soon();
  }

  // order puts nodes into an element, only where they stand otherwise.
  order(element, nodes) {
    if (nodes.length !== element.children.length || nodes.some((node, i) => node !== element.children[i])) element.replaceChildren(...nodes);
  }

  part({key, title, cameras}, heads, nodes) {
    let one = this.parts.get(key);
    if (!one) {
      one = {head: h('h2', {tabindex: '-1'}), list: h('ul', {class: 'tiles'})};
      one.root = h('section', {class: 'part', id: key === 'look' ? 'look' : null, 'data-part': key}, one.head, one.list);
      this.parts.set(key, one);
    }
    one.head.classList.toggle('unseen', !heads && key !== 'look');
    if (one.head.textContent !== title) one.head.textContent = title;
    one.list.setAttribute('aria-label', title);
    one.root.dataset.count = cameras.length;
    this.order(one.list, nodes);
    return one.root;
  }

  make(id) {
    const one = {name: h('a', {href: '/cameras/' + encodeURIComponent(id)}), state: h('div', {role: 'status'}), where: h('p', {class: 'soft small where'}), about: h('p', {class: 'soft small about'}), share: h('div', {class: 'share'}), act: h('div', {class: 'act'})};
    one.picture = h('div', {class: 'picture'}, icon('camera'));
    one.root = h('li', {class: 'tile', 'data-camera': id}, one.picture, h('div', {class: 'body'}, h('h3', {}, one.name), one.where, one.state, one.about, one.share, one.act));
    this.tiles.set(id, one);
    this.eyes.observe(one.root);
    return one;
  }

  tile(camera, extra, calm) {
    const one = this.tiles.get(camera.id) ?? this.make(camera.id), old = this.old;
    const changed = one.protection !== camera.protection || one.old !== old, word = cameraWord(camera, old), reason = reasonOf(camera);
    one.root.classList.toggle('stale', old);
    one.root.classList.toggle('dark', !old && !shows(camera, old));
    one.name.textContent = camera.name;
    one.where.textContent = [camera.group, both(extra.place)].filter(Boolean).join(' · ');
    if (changed || one.word !== word) {
      one.word = word;
      fill(one.state, state(camera.protection === 'offline' && !old ? 'off' : cameraTone(camera, old), word));
      if (camera.protection === 'offline' && !old) one.state.firstChild.dataset.tone = 'warn';
    }
    const why = !old && camera.protection !== 'protected' && has('slate.reason.' + reason) ? t('slate.reason.' + reason) + ' · ' : '';
    one.about.textContent = why + t('console.since', when(camera.since));
    if (changed && !shows(camera, old)) fill(one.picture, icon('off'));
    if (changed && this.asked.has(camera.id)) this.asked.set(camera.id, Date.now() - freshen + rest);
    Object.assign(one, {protection: camera.protection, old});
    if (extra.history && one.history !== extra.history) {
      one.history = extra.history;
      fill(one.share, h('span', {class: 'small'}, measured(extra.history) ? shareWord(extra.history) : t('console.overview.unmeasured')), historyBar(extra.history));
    }
    this.action(one, cameraAction(camera, extra), calm);
    return one.root;
  }

  // action is the next thing to do, but for what a line above says of many cameras at once.
  action(one, action, calm) {
    const quiet = calm.has(action?.lack), words = quiet ? '' : action?.text ?? t('console.next.none');
    if (one.said === words) return;
    one.said = words;
    fill(one.act, quiet ? null : action ? h('a', {class: action.urgent ? 'button first' : 'button', href: action.href}, action.text) : h('span', {class: 'soft small row'}, icon('check'), words));
  }

  // soon asks for the stills of what came into view, all at once.
  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.stills(), gather);
  }

  // stills asks for those that are in view and due, in one request at a time.
  async stills() {
    if (document.hidden || this.busy || this.view === 'list') return;
    const due = [...this.seen].filter(id => shows(this.cameras.get(id), this.old) && Date.now() - (this.asked.get(id) ?? 0) >= freshen).slice(0, atOnce);
    if (!due.length) return;
    for (const id of due) this.asked.set(id, Date.now());
    this.busy = true;
    try {
      const response = await call('GET', '/v1/stills?' + new URLSearchParams(due.map(id => ['camera', id])), undefined, {}, {quiet: true});
      for (const [id, file] of await response.formData()) this.picture(id, file);
    } catch { /* they are asked for again */ } finally { this.busy = false; }
    this.soon();
  }

  picture(id, file) {
    const one = this.tiles.get(id), camera = this.cameras.get(id);
    if (!one || !shows(camera, this.old)) return;
    const next = h('img', {alt: t('console.overview.thumbnail', camera.name)}), address = URL.createObjectURL(file);
    next.onload = () => {
      URL.revokeObjectURL(address);
      if (shows(this.cameras.get(id), this.old)) fill(one.picture, next);
    };
    next.src = address;
  }
}

function shareWord(history) {
  const share = percent(history.protected_share);
  return young(history) ? t('console.overview.share_since', share, when(begin(history))) : t('console.overview.share', share);
}
