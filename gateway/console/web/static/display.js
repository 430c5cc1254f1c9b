import {call, t, $, ready} from '/static/app.js';

// The page that a screen's link opens: it exchanges the token, which stands in the fragment and so is sent
// to nobody else, for the screen's cookie, and goes on to the wall.

const patience = 3000;
const token = location.hash.slice(1);

async function enter() {
  try {
    await call('POST', '/v1/display', {token});
    location.replace('/wall' + location.search);
  } catch (error) {
    $('#said').textContent = error.message;
    // A gateway that is starting, or many screens at once: the link itself may be good.
    if (error.status !== 401 && error.status !== 400) setTimeout(enter, patience);
  }
}

if (token) enter(); else $('#said').textContent = t('console.screen.open');
ready();
