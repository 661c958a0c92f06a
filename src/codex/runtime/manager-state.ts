import type { ReplacementReason } from '../../base/observation.ts';
import type { CodexInstance } from './instance.ts';

/** State of an instance manager, which describes them. */
export type ManagerState<Instance> =
  | { readonly name: 'serving'; readonly instance: Instance; readonly refreshAt: number }
  | { readonly name: 'refreshing'; readonly instance: Instance }
  | { readonly name: 'replacing'; readonly next: Promise<Instance> }
  | {
      readonly name: 'failed';
      readonly error: unknown;
      readonly reason: ReplacementReason;
      readonly retryAt: number;
    };

/** Milliseconds until a provisional instance is refreshed. */
export const REFRESH_DELAY_MS = 60_000;

/** Returns the state in which an instance begins to serve. */
export function serving<Instance extends Pick<CodexInstance<unknown>, 'isProvisional'>>(
  instance: Instance,
): ManagerState<Instance> {
  const refreshAt = instance.isProvisional ? performance.now() + REFRESH_DELAY_MS : Infinity;
  return { name: 'serving', instance, refreshAt };
}

/** Returns the instance in charge; undefined while there is none. */
export function inCharge<Instance>(state: ManagerState<Instance>): Instance | undefined {
  return state.name === 'serving' || state.name === 'refreshing' ? state.instance : undefined;
}
