import type { Observer } from '../../base/observation.ts';
import type { AppServerSize } from './app-server-size.ts';
import type { CodexInstance } from './instance.ts';
import type { InstanceManager } from './instance-manager.ts';

/** Milliseconds between two looks at the size. */
const INTERVAL_MS = 3_000;
/** Milliseconds between two replacements: an app-server that is too large from its start would be replaced all the time. */
const PAUSE_MS = 30_000;

/**
 * Replaces an app-server that has grown over a limit: another one takes over once it is up, and the one before ends with its
 * last request. Returns a function that stops this.
 */
export function watchSize<Instance extends Pick<CodexInstance<unknown>, 'size'>>(
  manager: Pick<InstanceManager<Instance>, 'open' | 'renew'>,
  limits: AppServerSize,
  observer: Observer,
): () => void {
  let isLooking = false;
  let pausedUntil = 0;

  async function look(): Promise<void> {
    const instance = manager.open().at(-1);
    if (instance === undefined || performance.now() < pausedUntil) return;
    const size = await instance.size();
    const part = PARTS.find((name) => size[name] > limits[name]);
    if (part === undefined || !manager.renew(instance)) return;
    pausedUntil = performance.now() + PAUSE_MS;
    observer.observe({ type: 'app-server-outgrown', part, bytes: size[part], limitBytes: limits[part] });
  }

  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    // Sizes that cannot be read are read again.
    void look()
      .catch(() => {})
      .finally(() => (isLooking = false));
  }, INTERVAL_MS).unref();
  return () => clearInterval(timer);
}

const PARTS = ['memoryBytes', 'logBytes'] as const;
