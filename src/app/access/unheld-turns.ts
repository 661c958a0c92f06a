import type { TokenEntry } from '../../access/token-entry.ts';
import type { Settings } from '../config/config.ts';

/** A limit of turns that its token never reaches, since a setting refuses requests before. */
export interface UnheldTurns {
  readonly name: string;
  readonly turns: number;
  readonly setting: string;
  readonly most: number;
}

/** Returns the token's limit of turns if a setting lets it have fewer at once. */
export function findUnheldTurns(
  { name, limits: { turns } }: Pick<TokenEntry, 'name' | 'limits'>,
  { limits: { running, waiting, perToken } }: Pick<Settings, 'limits'>,
): UnheldTurns | undefined {
  const settings = [
    { setting: 'limits.perToken', most: perToken },
    { setting: 'limits.running and limits.waiting together', most: running + waiting },
  ];
  const lowest = settings.reduce((low, next) => (next.most < low.most ? next : low));
  return turns === null || turns <= lowest.most ? undefined : { name, turns, ...lowest };
}
