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

export function createReadiness(): Readiness {
  let sources: ReadinessSources | undefined;
  let isDraining = false;
  return {
    async read() {
      if (isDraining) return ['draining'];
      if (sources === undefined) return ['starting'];
      const [codex, isWritable] = await Promise.all([probeCodex(sources), sources.isStoreWritable()]);
      return isWritable ? codex : [...codex, 'store'];
    },
    start: (given) => void (sources = given),
    drain: () => void (isDraining = true),
    isDraining: () => isDraining,
  };
}

async function probeCodex({ engine, hasOtherLogin }: ReadinessSources): Promise<UnreadyReason[]> {
  const { isUp, isSignedIn } = await engine.probe();
  if (!isUp) return ['codex'];
  return isSignedIn || (await hasOtherLogin()) ? [] : ['login'];
}
