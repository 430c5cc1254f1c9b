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
