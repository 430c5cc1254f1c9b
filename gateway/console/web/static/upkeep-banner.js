import {api, h, t, fill, note, size, when, isManager} from '/static/app.js';

// That there is a newer package; nothing is installed by itself.
const newer = update => note('wait', t('console.upkeep.newer', update.newer, update.installed), h('p', {}, t('console.upkeep.newer_do'), ' ', h('code', {}, 'sudo apt install bauta')));

// What apt knows of the package, for the page on upkeep.
export function packageState(update) {
  if (!update) return null;
  if (update.newer) return newer(update);
  return h('p', {class: 'soft'}, update.repository ? t('console.upkeep.newest', update.installed, when(update.checked)) : t('console.upkeep.no_repository', update.installed));
}

// What of the box a manager has to see on the overview: a disk that fills, a backup that is long ago,
// a newer package.
export async function upkeepBanner(box, {disk, update}) {
  const backups = isManager ? await api('GET', '/v1/backups').catch(() => null) : null;
  const link = (href, words) => isManager ? h('p', {}, h('a', {href}, words)) : null;
  fill(box, disk && disk.room !== 'good' ? note(disk.room === 'none' ? 'bad' : 'warn', t('console.upkeep.disk.' + disk.room, size(disk.free)), link('/upkeep', t('console.upkeep.disk_do'))) : null,
    backups?.due ? note('warn', backups.problem ? t('console.upkeep.plan.failed', backups.problem) : t('console.upkeep.backup_due'), link('/upkeep#backup-head', t('console.upkeep.backup_due_do'))) : null,
    update?.newer && isManager ? newer(update) : null);
}
