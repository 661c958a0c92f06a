import { expect, it } from 'vitest';
import { parseConfig } from '../../../src/app/config/config-file.ts';
import { listSettingShapes } from '../../../src/app/config/setting-shapes.ts';
import { describeSetting } from '../../../src/app/console/describe-setting.ts';

it.each([
  [true, 'says that it holds after a restart'],
  [false, 'says nothing of a restart in a demo, which leaves the file alone'],
])('a setting that was changed in the file (%s) %s', (hasRestart) => {
  const text = '{"deadlines":{"turn":700}}';
  const shown = describeSetting(
    listSettingShapes().find(({ key }) => key === 'deadlines.turn')!,
    {
      inForce: { deadlines: { turn: 600 } },
      overrides: new Map(),
      defaults: parseConfig('{}', 'config.json'),
      file: { values: { deadlines: { turn: 700 } }, config: parseConfig(text, 'config.json') },
      hasRestart,
    },
  );
  expect(shown).toMatchObject({ value: 600, file_value: 700, needs_restart: hasRestart });
});
