import { isDeepStrictEqual } from 'node:util';
import { valueAt } from '../../base/json-path.ts';
import type { ShownSetting } from '../../console/contract/settings.ts';
import type { ConfigState } from '../config/config-editor.ts';
import type { ConfigFile } from '../config/config-file.ts';
import type { Override } from '../config/find-overrides.ts';
import type { SettingShape } from '../config/setting-shapes.ts';
import { groupOf, isSecret, lockOf } from './setting-rules.ts';

/** The places from which the value of a setting can be. */
export interface SettingSources {
  /** Values in force, without those of `overrides`. */
  readonly inForce: object;
  readonly overrides: ReadonlyMap<string, Override>;
  readonly defaults: ConfigFile;
  readonly file: Pick<ConfigState, 'values' | 'config'>;
  /** False for a demo, which a restart ends. */
  readonly hasRestart: boolean;
}

/** Returns a setting as it is shown, without what the documentation says of it. */
export function describeSetting(
  shape: SettingShape,
  sources: SettingSources,
): Omit<ShownSetting, 'meaning' | 'default_text'> {
  const { key, path } = shape;
  const override = sources.overrides.get(key);
  const fromStart = valueAt(sources.inForce, path);
  const value = override?.value ?? fromStart;
  const usual = valueAt(sources.defaults, path);
  const given = valueAt(sources.file.values, path);
  const isAsWritten = isDeepStrictEqual(fromStart, valueAt(sources.file.config, path));
  // A file that has changed since the start does not say any more what it had then.
  const isFromFile = isAsWritten ? given !== undefined : !isDeepStrictEqual(fromStart, usual);
  return {
    ...encodeShape(shape),
    ...encodeSource(override, isFromFile),
    value: show(key, value),
    // There always is a token: the gateway makes one.
    is_set: value !== undefined || key === 'token',
    default: usual ?? null,
    is_in_file: given !== undefined,
    file_value: show(key, given),
    needs_restart:
      sources.hasRestart && override === undefined && sources.file.config !== undefined && !isAsWritten,
  };
}

function encodeShape({ key, path, kind, choices }: SettingShape) {
  return {
    key,
    group: groupOf(path),
    kind,
    choices: [...choices],
    is_secret: isSecret(key),
    lock: lockOf(key),
  };
}

function encodeSource(override: Override | undefined, isFromFile: boolean) {
  const source = override?.source ?? (isFromFile ? ('file' as const) : ('default' as const));
  return { source, source_name: override?.name ?? null };
}

/** Returns a value as others may see it. */
function show(key: string, value: unknown): unknown {
  if (value === undefined || isSecret(key)) return null;
  return key === 'copilot.baseUrl' && typeof value === 'string' ? withoutSecrets(value) : value;
}

/** Returns a URL without the parts that can hold a password. */
function withoutSecrets(address: string): string {
  const url = URL.parse(address);
  return url === null ? '' : `${url.origin}${url.pathname}`;
}
