import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createOutput } from '../../../src/app/log/output.ts';
import { createRotatingLog } from '../../../src/service/log/rotating-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const FULL = '/dev/full';

// Only Linux has a device that is always full.
it.runIf(existsSync(FULL))(
  'lines that a full disk loses are counted, and reported once there is space again',
  async () => {
    const path = join(temporaryFolder(), 'gateway.log');
    const log = createRotatingLog({ path, maxBytes: 1000, files: 2 });
    onTestFinished(() => log.close());
    const output = createOutput(2, 1_000_000);
    output.moveTo(log);
    output.reportLoss((lines, problem) => `lost: ${lines} (${problem})\n`);
    symlinkSync(FULL, path);
    output.write('one\n');
    output.write('two\n');
    await output.settle();
    rmSync(path);
    output.write('three\n');
    await output.settle();
    expect(readFileSync(path, 'utf8')).toBe('lost: 2 (ENOSPC)\nthree\n');
  },
);
