import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('the log writes JSON lines at its level and above to standard error', () => {
  const module = JSON.stringify(new URL('../../../dist/app/log/log.js', import.meta.url).href);
  const script = `
    const { createLog } = await import(${module});
    const log = createLog({ logLevel: 'info', logFormat: 'auto' });
    for (const level of ['debug', 'info', 'warn', 'error']) log({ level, message: 'said ' + level, fields: { n: 1 } });
  `;
  const output = execFileSync(
    '/bin/sh',
    ['-c', '"$0" --input-type=module -e "$1" 2>&1 >/dev/null', process.execPath, script],
    {
      encoding: 'utf8',
    },
  );
  const lines = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ msg, n, level }) => [msg, n, level])).toEqual([
    ['said info', 1, 30],
    ['said warn', 1, 40],
    ['said error', 1, 50],
  ]);
});
