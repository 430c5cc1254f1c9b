// Who may use these pages: the own account, and for managers everybody's.
import {api, h, t, $, fill, icon, field, choices, onSubmit, values, confirm, tell, day, format, isManager, role} from '/static/app.js';
import {remove} from '/static/undo.js';
import {eyes, newPassword} from '/static/secret.js';
import {factor} from '/static/factor.js';

const roles = ['viewer', 'auditor', 'manager'];
export const roleChoice = (value, attributes) => choices(roles.map(one => [one, t('console.role.' + one)]), value, attributes);
const at = (user, what) => `/v1/users/${encodeURIComponent(user.name)}/${what}`;
const hour = format({month: 'short', day: 'numeric', hour: '2-digit'});
// seen is when somebody was there last: the hour within a day, then the day.
export const seen = time => !time ? t('console.user.never') : t('console.user.seen', Date.now() - new Date(time) < 864e5 ? hour.format(new Date(time)) : day(time));

const wrong = () => h('p', {class: 'wrong', role: 'alert'});

function own(session) {
  const form = $('#own'), me = session.user;
  if (session.by === 'provider') return fill(form, h('p', {}, t('console.user.you', me, t('console.role.' + role))), h('p', {class: 'soft'}, t('console.user.by_provider')));
  fill(form, h('p', {}, t('console.user.you', me, t('console.role.' + role))), h('input', {name: 'user', autocomplete: 'username', value: me, hidden: true}),
    h('div', {class: 'fields'}, field(t('console.user.old'), h('input', {name: 'present', type: 'password', autocomplete: 'current-password', required: true})), newPassword(t('console.user.new'))),
    wrong(), h('div', {class: 'row'}, h('button', {class: 'button'}, t('console.user.change'))));
  eyes(form);
  onSubmit(form, async () => {
    const {present, password} = values(form);
    await api('PUT', at({name: me}, 'password'), {present, password});
    location.assign('/login');
  });
}

// person is one line of the list, with what may be changed folded under it.
function person(user, me) {
  const marks = [t('console.role.' + user.role), user.provider ? t('console.user.provider') : user.second ? t('console.user.second') : '', seen(user.last_seen)].filter(Boolean);
  const head = h('span', {}, h('strong', {}, user.name), ' ', h('span', {class: 'soft small'}, marks.join(' · ')));
  if (user.name === me) return h('li', {class: 'row apart', 'data-user': user.name}, head, h('span', {class: 'soft small'}, t('console.user.is_you')));
  const newRole = h('form', {}, field(t('console.user.role'), roleChoice(user.role, {name: 'role'}), t('console.role.about')), wrong(), h('div', {class: 'row'}, h('button', {class: 'button', 'data-do': 'role'}, t('console.user.role_do'))));
  onSubmit(newRole, async () => { await api('PUT', at(user, 'role'), {role: values(newRole).role}); tell(t('console.user.changed', user.name)); await users(me); });
  const secret = user.provider ? h('p', {class: 'soft'}, t('console.user.password_elsewhere')) : h('form', {}, h('div', {class: 'fields'}, newPassword(t('console.user.new'))), wrong(),
    h('div', {class: 'row'}, h('button', {class: 'button', 'data-do': 'password'}, t('console.user.password_do'))));
  if (!user.provider) {
    eyes(secret);
    onSubmit(secret, async () => { await api('PUT', at(user, 'password'), {password: values(secret).password}); tell(t('console.user.changed', user.name)); await users(me); });
  }
  return h('li', {'data-user': user.name}, h('div', {class: 'row apart'}, head, h('button', {class: 'button danger', type: 'button', 'aria-label': t('console.user.remove') + ' ' + user.name, onclick: () => removeUser(user, me)}, t('console.user.remove'))),
    h('details', {}, h('summary', {}, t('console.user.edit')), h('div', {class: 'stack'}, newRole, secret)));
}

async function removeUser(user, me) {
  if (!await confirm(t('console.user.remove_sure', user.name), t('console.user.remove_about'), t('console.user.remove'))) return;
  await remove('/v1/users/' + encodeURIComponent(user.name), user.name, () => users(me));
}

async function users(me) {
  const all = await api('GET', '/v1/users');
  const form = h('form', {id: 'user-new'}, h('div', {class: 'fields'},
    field(t('console.field.user'), h('input', {name: 'user', required: true, maxlength: 64, autocomplete: 'off', autocapitalize: 'none'})),
    newPassword(t('console.field.password')),
    field(t('console.user.role'), roleChoice('viewer', {name: 'role'}), t('console.role.about'))), wrong(), h('div', {class: 'row'}, h('button', {class: 'button'}, icon('plus'), t('console.user.add'))));
  eyes(form);
  onSubmit(form, async () => {
    const {user, password, role} = values(form);
    await api('POST', '/v1/users', {user, password, role});
    tell(t('console.saved'));
    await users(me);
  });
  fill($('#users'), h('ul', {class: 'list'}, all.map(user => person(user, me))), form);
}

// required says whether managers need a second factor.
async function required() {
  const box = h('input', {type: 'checkbox', checked: (await api('GET', '/v1/second-factor')).managers, onchange: async () => {
    try { await api('PUT', '/v1/second-factor', {managers: box.checked}); tell(t('console.saved')); }
    catch (error) { box.checked = !box.checked; tell(error.message, 'bad'); }
  }});
  fill($('#required'), h('label', {class: 'choice plain'}, box, h('span', {}, t('console.second.require'), h('span', {class: 'small soft'}, t('console.second.require_about')))));
}

export async function people(session) {
  own(session);
  factor($('#factor'), session, () => required().catch(() => {}));
  if (isManager) await Promise.all([users(session.user), required()]);
}
