import type { SettingList } from '../../console/contract/settings.ts';
import { codexHomePath, findHome, type Environment, type Flags, type Settings } from '../config/config.ts';
import { shortenPath } from './shorten-path.ts';

/** Returns the files and folders of a gateway, with the option or variable that each is from. */
export function findPlaces(
  { configPath, stateDirectory }: Pick<Settings, 'configPath' | 'stateDirectory'>,
  flags: Flags,
  environment: Environment,
): SettingList['places'] {
  const named = (name: string) => (environment[name] ? name : null);
  const home = findHome(environment);
  const configSource = named('CODEX_GATEWAY_CONFIG') ?? named('XDG_CONFIG_HOME');
  return [
    {
      name: 'Config file',
      path: shortenPath(configPath, home),
      source_name: flags.config === undefined ? configSource : '--config',
    },
    { name: 'State folder', path: shortenPath(stateDirectory, home), source_name: named('XDG_STATE_HOME') },
    {
      name: 'Codex’s own folder',
      path: shortenPath(codexHomePath(environment), home),
      source_name: named('CODEX_HOME'),
    },
  ];
}
