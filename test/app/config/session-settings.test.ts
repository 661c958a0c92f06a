import { expect, it } from 'vitest';
import { sessionsSchema, withWorkspace } from '../../../src/app/config/session-settings.ts';

it('a folder of --workspace comes first, and once if the config file has it too', () => {
  const settings = sessionsSchema.parse({ roots: ['/a', '/b'] });
  expect(withWorkspace(settings, '/c').roots).toEqual(['/c', '/a', '/b']);
  expect(withWorkspace(settings, '/b/').roots).toEqual(['/b', '/a']);
  expect(withWorkspace(settings, undefined)).toBe(settings);
});
