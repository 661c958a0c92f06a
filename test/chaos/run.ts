import type { Journal } from './journal.ts';
import type { ChaosGateway } from './process/chaos-gateway.ts';
import type { ChaosProvider } from './provider/chaos-provider.ts';
import type { Random } from './random.ts';
import type { Vault } from './traffic/vault.ts';

/** The parts of a run, which its traffic, faults and checks share. */
export interface Run {
  readonly random: Random;
  /** Factor of the time that faults last: a short run has to fit all of them in. */
  readonly pace: number;
  /** Requests that may run and wait together. */
  readonly places: number;
  /** Requests beside the clients' own, which nobody has waited for yet. */
  readonly asides: Promise<void>[];
  readonly gateway: ChaosGateway;
  readonly provider: ChaosProvider;
  readonly journal: Journal;
  readonly vault: Vault;
  /** Tokens of the callers; the first one is the config's. */
  readonly tokens: string[];
}
