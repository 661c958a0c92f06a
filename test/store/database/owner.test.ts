import { hostname } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import { isDeadOwner } from '../../../src/store/database/owner.ts';
import { readStat, startUncollected } from '../../support/process.ts';

it.runIf(process.platform === 'linux')(
  'an owner that has ended is dead, also while nobody has collected its process',
  async () => {
    const { pid, end } = await startUncollected();
    onTestFinished(end);
    const ownerOf = (id: number) =>
      JSON.stringify({ host: hostname(), pid: id, start: readStat(id)!.start, instance: 'x' });
    expect([isDeadOwner(ownerOf(pid)), isDeadOwner(ownerOf(process.ppid))]).toEqual([true, false]);
  },
);
