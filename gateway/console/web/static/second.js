import {api, $, tell, ready} from '/static/app.js';
import {factor} from '/static/factor.js';

ready();
try { factor($('#factor'), await api('GET', '/v1/session'), () => location.assign('/')); }
catch (error) { tell(error.message, 'bad'); }
