import { messageOf } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import type { CodexInstance } from './instance.ts';

/** The instances that are not closed: the latest one, and retired ones that are still used. */
export interface Succession<Instance> {
  /** Adds an instance and retires the one before it. */
  add(next: Instance): void;
  /** Returns all of them, the latest one last. */
  open(): readonly Instance[];
  close(): Promise<void>;
}

export function createSuccession<Instance extends Pick<CodexInstance<unknown>, 'retire' | 'close'>>(
  first: Instance,
  observer: Observer,
): Succession<Instance> {
  const open = new Set([first]);
  let latest = first;
  return {
    add(next) {
      const old = latest;
      open.add(next);
      latest = next;
      old.retire().then(
        () => open.delete(old),
        (error: unknown) =>
          observer.observe({ type: 'app-server-cleanup-failed', problem: messageOf(error) }),
      );
    },
    open: () => [...open],
    async close() {
      await Promise.all([...open].map((instance) => instance.close()));
    },
  };
}
