// Fields for passwords: a button shows what was typed, and a second field finds slips.
import {h, s, t, field} from '/static/app.js';

// eyes gives each password field below an element its button.
export function eyes(root) {
  for (const input of root.querySelectorAll('input[type=password]')) eye(input);
}

function eye(input) {
  const button = h('button', {class: 'button quiet eye', type: 'button', 'aria-pressed': 'false', 'aria-label': t('console.secret.show'), title: t('console.secret.show'), onclick: () => {
    const shown = input.type === 'password';
    input.type = shown ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(shown));
  }}, s('svg', {class: 'icon', 'aria-hidden': 'true'}, s('use', {href: '#i-eye'})));
  const box = h('div', {class: 'secret'});
  input.replaceWith(box);
  box.append(input, button);
  input.form?.addEventListener('submit', () => { input.type = 'password'; button.setAttribute('aria-pressed', 'false'); }); // browsers keep passwords, and no texts
}

// newPassword are the fields of a password that nobody has yet, and of it again.
export function newPassword(label) {
  const first = h('input', {name: 'password', type: 'password', autocomplete: 'new-password', minlength: 10, required: true});
  const again = h('input', {name: 'again', type: 'password', autocomplete: 'new-password', required: true});
  const same = () => again.setCustomValidity(again.value && again.value !== first.value ? t('console.secret.differs') : '');
  first.addEventListener('input', same);
  again.addEventListener('input', same);
  return [field(label, first, t('console.setup.password_hint')), field(t('console.secret.again'), again)];
}
