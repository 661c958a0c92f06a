import { withTimeout } from '../../base/async/with-timeout.ts';
import type { ReadReadiness, UnreadyReason } from '../../http/operations/probes.ts';

/** The part of an engine that says if it can run turns. */
interface ProbedEngine {
  probe(): Promise<{ readonly isUp: boolean; readonly isSignedIn: boolean }>;
}

interface ReadinessSources {
  readonly engine: ProbedEngine;
  /** Resolves to false if a response could not be stored now. */
  isStoreWritable(): Promise<boolean>;
  /** Resolves to true if models answer without a login of Codex. */
  hasOtherLogin(): Promise<boolean>;
}

/** Knows if the gateway can serve requests. */
export interface Readiness {
  readonly read: ReadReadiness;
  /** Called when the gateway has started. */
  start(sources: ReadinessSources): void;
  /** Called when the gateway begins to stop. */
  drain(): void;
  isDraining(): boolean;
}

/** Milliseconds for which the state of the store is kept, however often it is asked for. */
const STORE_FRESH_MS = 1_000;

/** Milliseconds for all looks at Codex; the app-server itself may take two seconds. */
const CODEX_PATIENCE_MS = 3_000;

export function createReadiness(): Readiness {
  let isStoreWritable = async () => true;
  let sources: ReadinessSources | undefined;
  let isDraining = false;
  return {
    async read() {
      if (isDraining) return ['draining'];
      if (sources === undefined) return ['starting'];
      const [codex, isWritable] = await Promise.all([probeCodex(sources), isStoreWritable()]);
      return isWritable ? codex : [...codex, 'store'];
    },
    start(given) {
      sources = given;
      isStoreWritable = keepFor(STORE_FRESH_MS, given.isStoreWritable);
    },
    drain: () => void (isDraining = true),
    isDraining: () => isDraining,
  };
}

/** Returns a function that reads a value again only after a while; all who ask at once share one look. */
function keepFor<T>(milliseconds: number, read: () => Promise<T>): () => Promise<T> {
  let latest: Promise<T> | undefined;
  let endedAt = Infinity;
  return async () => {
    if (latest !== undefined && performance.now() - endedAt < milliseconds) return await latest;
    endedAt = Infinity;
    latest = read().finally(() => (endedAt = performance.now()));
    return await latest;
  };
}

/** Resolves to what is wrong with Codex; also soon if the disk that tells it does not answer. */
async function probeCodex(sources: ReadinessSources): Promise<UnreadyReason[]> {
  const found = await withTimeout(lookAtCodex(sources), CODEX_PATIENCE_MS);
  return found === 'timeout' ? ['codex'] : found;
}

async function lookAtCodex({ engine, hasOtherLogin }: ReadinessSources): Promise<UnreadyReason[]> {
  const { isUp, isSignedIn } = await engine.probe();
  if (!isUp) return ['codex'];
  return isSignedIn || (await hasOtherLogin()) ? [] : ['login'];
}
