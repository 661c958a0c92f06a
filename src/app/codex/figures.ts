import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodexEngine } from '../../codex/chat/engine.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { MetricsSources } from '../../metrics/noted.ts';
import type { Settings } from '../config/config.ts';

/** Figures of the moment, for `/metrics` and `/status`. */
export interface Figures extends MetricsSources {
  ownMemoryBytes(): number;
  readonly lastHour: Metrics['lastHour'];
}

export interface FiguresOptions {
  readonly engine: Pick<CodexEngine, 'limits' | 'memoryBytes'>;
  readonly gateway: Pick<Gateway, 'turns'>;
  readonly settings: Pick<Settings, 'limits' | 'stateDirectory'>;
  readonly metrics: Pick<Metrics, 'lastHour'>;
}

export function createFigures({ engine, gateway, settings, metrics }: FiguresOptions): Figures {
  const { limits, stateDirectory } = settings;
  return {
    turns: gateway.turns,
    lastHour: metrics.lastHour,
    limits,
    accountLimits: () => engine.limits(),
    ownMemoryBytes: () => process.memoryUsage.rss(),
    childMemoryBytes: engine.memoryBytes,
    storeBytes: () => sizeOfDatabase(join(stateDirectory, 'store.sqlite')),
  };
}

/** Returns the bytes of a database and of the files that SQLite keeps beside it. */
async function sizeOfDatabase(path: string): Promise<number> {
  const files = [path, `${path}-wal`, `${path}-shm`];
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
