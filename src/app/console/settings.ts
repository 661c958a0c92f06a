import { GatewayError } from '../../base/errors.ts';
import type { ConfigAsker } from '../../console/models/console-models.ts';
import type { ConsoleSettings } from '../../console/settings/console-settings.ts';
import type { ComposeOptions } from '../compose-options.ts';
import { parseConfig } from '../config/config-file.ts';
import { findOverrides } from '../config/find-overrides.ts';
import { listSettingShapes, type SettingShape } from '../config/setting-shapes.ts';
import type { ConsoleConfig } from './console-config.ts';
import { describeSetting } from './describe-setting.ts';
import { readSettingMeanings } from './setting-meanings.ts';
import { findPlaces } from './setting-places.ts';
import { lockOf, rankOf } from './setting-rules.ts';

/** Returns what the console shows of settings, and its way to change those of the config file. */
export function createConsoleSettings(
  {
    settings,
    flags = {},
    environment,
    demo,
  }: Pick<ComposeOptions, 'settings' | 'flags' | 'environment' | 'demo'>,
  config: ConsoleConfig,
): ConsoleSettings {
  const shapes = listSettingShapes().toSorted((a, b) => rankOf(a.path) - rankOf(b.path));
  const overrides = findOverrides(settings, flags, environment);
  const defaults = parseConfig('{}', settings.configPath);
  const { token } = settings;
  // A token that the gateway has made is in no config file.
  const start = { ...settings, token: token?.source === 'state' ? undefined : token?.value };

  async function list(asker: ConfigAsker) {
    const state = await config.read();
    // An older name is shown to those alone who use it.
    const shown = shapes.filter(({ key }) => key !== 'bodyLimit' || state.values[key] !== undefined);
    const inForce = { ...start, ...config.routing() };
    const sources = { inForce, overrides, defaults, file: state, hasRestart: !demo };
    const meanings = await readSettingMeanings(shown.map(({ key }) => key));
    return {
      settings: shown.map((shape) => ({
        ...describeSetting(shape, sources),
        meaning: meanings.get(shape.key)?.meaning ?? '',
        default_text: meanings.get(shape.key)?.usual ?? 'none',
      })),
      places: findPlaces(settings, flags, environment),
      file: config.describe(state, asker),
    };
  }

  return {
    list,
    async change({ version, key, value }, asker) {
      const { path } = requireOpen(shapes, key);
      await config.edit({ version, changes: () => [{ path, value: value ?? undefined }] }, asker);
      return await list(asker);
    },
  };
}

/** Returns the setting with a key. Throws a `GatewayError` if there is none, or if it is not changed in a browser. */
function requireOpen(shapes: readonly SettingShape[], key: string): SettingShape {
  const shape = shapes.find((one) => one.key === key);
  const problem = shape === undefined ? 'expected the name of a setting' : lockOf(key);
  if (shape !== undefined && problem === null) return shape;
  throw new GatewayError('invalid_value', `Invalid 'key': ${problem}`, { param: 'key' });
}
