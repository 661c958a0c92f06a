import type { CodexEngine } from '../../codex/chat/engine.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { MetricsSources } from '../../metrics/noted.ts';
import type { Settings } from '../config/config.ts';
import type { GatewayState } from '../state/open-state.ts';

/** Figures of the moment, for `/metrics` and `/status`. */
export interface Figures extends MetricsSources {
  ownMemoryBytes(): number;
  readonly lastHour: Metrics['lastHour'];
}

export interface FiguresOptions {
  readonly engine: Pick<CodexEngine, 'limits' | 'memoryBytes'>;
  readonly gateway: Pick<Gateway, 'turns'>;
  readonly settings: Pick<Settings, 'limits'>;
  readonly state: Pick<GatewayState, 'storeBytes'>;
  readonly metrics: Pick<Metrics, 'lastHour'>;
}

export function createFigures({ engine, gateway, settings, state, metrics }: FiguresOptions): Figures {
  const { limits } = settings;
  return {
    turns: gateway.turns,
    lastHour: metrics.lastHour,
    limits,
    accountLimits: () => engine.limits(),
    ownMemoryBytes: () => process.memoryUsage.rss(),
    childMemoryBytes: engine.memoryBytes,
    storeBytes: state.storeBytes,
  };
}
