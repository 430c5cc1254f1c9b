import {api, h, t, fill, note, size, isManager} from '/static/app.js';

// What of the box a manager has to see on the overview: a disk that fills, a backup that is long ago.
export async function upkeepBanner(box, {disk}) {
  const backups = isManager ? await api('GET', '/v1/backups').catch(() => null) : null;
  const link = (href, words) => isManager ? h('p', {}, h('a', {href}, words)) : null;
  fill(box, disk && disk.room !== 'good' ? note(disk.room === 'none' ? 'bad' : 'warn', t('console.upkeep.disk.' + disk.room, size(disk.free)), link('/upkeep', t('console.upkeep.disk_do'))) : null,
    backups?.due ? note('warn', backups.problem ? t('console.upkeep.plan.failed', backups.problem) : t('console.upkeep.backup_due'), link('/upkeep#backup-head', t('console.upkeep.backup_due_do'))) : null);
}
