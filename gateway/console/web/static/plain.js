// For pages that have nothing but the menu.
import {ready} from '/static/app.js';

ready();
