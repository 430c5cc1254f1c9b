import {h} from '/static/app.js';

// save hands the browser what was answered, as a file.
export function save(blob, name) {
  const link = h('a', {href: URL.createObjectURL(blob), download: name, hidden: true});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export const stamp = () => new Date().toISOString().slice(0, 16).replace(/[-:T]/g, '');

// size of so many bytes, in words that both languages have.
export const size = bytes => bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
