import {api, h, t, $, fill, field, choices, tell} from '/static/app.js';
import {save, stamp} from '/static/download.js';

// The newest lines of the log, which grow while somebody follows them.
const most = 1000;
let last = 0, lines = [];

const plain = line => `${line.ts} ${line.level} ${line.text}`;

export async function startLog() {
  const form = $('#log-form');
  const level = choices(['debug', 'info', 'warn', 'error'].map(one => [one, t('console.upkeep.log.level.' + one)]), 'info', {name: 'level'});
  const search = h('input', {name: 'text', type: 'search', autocomplete: 'off'}), follow = h('input', {type: 'checkbox', name: 'follow'});
  const shown = h('pre', {class: 'log mono small', tabindex: 0, role: 'region', 'aria-label': t('console.upkeep.log.lines')});
  fill(form, h('div', {class: 'fields'}, field(t('console.upkeep.log.level'), level), field(t('console.upkeep.log.search'), search)),
    h('div', {class: 'row'}, h('label', {class: 'choice plain'}, follow, h('span', {}, t('console.upkeep.log.follow'))),
      h('button', {class: 'button', type: 'button', onclick: () => save(new Blob([lines.map(plain).join('\n') + '\n'], {type: 'text/plain'}), `bauta-log-${stamp()}.txt`)}, t('console.upkeep.log.download'))));
  fill($('#log'), shown);

  const draw = () => {
    const atEnd = shown.scrollTop + shown.clientHeight >= shown.scrollHeight - 4;
    fill(shown, lines.length ? lines.map(line => h('span', {'data-level': line.level}, plain(line) + '\n')) : t('console.upkeep.log.none'));
    if (atEnd || follow.checked) shown.scrollTop = shown.scrollHeight;
  };
  const ask = async more => {
    const page = await api('GET', '/v1/log?' + new URLSearchParams({after: more ? last : 0, level: level.value, text: search.value}));
    if (page.last < last) return ask(false); // the gateway began anew
    lines = more ? [...lines, ...page.lines].slice(-most) : page.lines;
    last = page.last;
    if (!more || page.lines.length) draw();
  };
  const again = () => ask(false).catch(error => tell(error.message, 'bad'));
  level.addEventListener('change', again);
  let typing;
  search.addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(again, 300); });
  form.addEventListener('submit', event => { event.preventDefault(); again(); });
  setInterval(() => { if (follow.checked && !document.hidden) ask(true).catch(() => { /* the next one asks again */ }); }, 2000);
  await ask(false);
}
