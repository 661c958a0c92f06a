import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkDisk } from '../../../src/app/doctor/check-files.ts';
import type { Settings } from '../../../src/app/config/config.ts';

it('doctor looks at the disk of a state folder that does not exist yet', async () => {
  const stateDirectory = join(tmpdir(), crypto.randomUUID(), 'state');
  const found = await checkDisk({ stateDirectory } as Settings);
  expect(JSON.stringify(found)).toContain(`free for ${stateDirectory}`);
});
