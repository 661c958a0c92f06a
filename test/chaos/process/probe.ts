// Loaded into the gateway and its workers before their own modules, with `--expose-gc` and a channel to the run. It moves the
// clock on the run's word, and says what the process still uses.
import { syncBuiltinESMExports } from 'node:module';
import threads, { BroadcastChannel, type WorkerOptions } from 'node:worker_threads';

/** An order of the run to the gateway's process. */
export type ProbeOrder = { readonly shiftMs: number } | 'measure';

/** Memory of the gateway after it has collected its garbage. */
export interface ProbeFigures {
  /** Bytes that the main thread uses. */
  readonly usedBytes: number;
  /** Timers, sockets and other things of the event loop, by kind. */
  readonly resources: readonly string[];
}

const clock = new BroadcastChannel('chaos clock');
const SystemDate = Date;
let shiftMs = 0;

globalThis.Date = class extends SystemDate {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(SystemDate.now() + shiftMs);
    else super(...(given as [number]));
  }

  static override now(): number {
    return SystemDate.now() + shiftMs;
  }
} as DateConstructor;

clock.addEventListener('message', (event) => {
  shiftMs = (event as MessageEvent).data as number;
});
clock.unref();

// The gateway starts its workers without Node's options.
threads.Worker = class extends threads.Worker {
  constructor(entry: string | URL, options: WorkerOptions = {}) {
    super(entry, { ...options, execArgv: ['--import', import.meta.url] });
  }
};
syncBuiltinESMExports();

if (threads.isMainThread) {
  process.on('message', (order: ProbeOrder) => {
    if (order !== 'measure') {
      shiftMs = order.shiftMs;
      clock.postMessage(shiftMs);
      return;
    }
    globalThis.gc!();
    const { heapUsed, external } = process.memoryUsage();
    const resources = process.getActiveResourcesInfo();
    process.send!({ usedBytes: heapUsed + external, resources } satisfies ProbeFigures);
  });
  process.channel?.unref();
}
