import {api, onSubmit, values, $, ready} from '/static/app.js';

const login = $('#login'), setup = $('#setup');
const enter = path => async form => {
  await api('POST', path, values(form));
  location.assign('/');
};
if (login) onSubmit(login, enter('/v1/login'));
if (setup) {
  const code = new URLSearchParams(location.search).get('code');
  if (code) { setup.code.value = code; setup.password.focus(); }
  onSubmit(setup, enter('/v1/setup'));
}
ready();
