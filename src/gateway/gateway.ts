import { createSemaphore, type Release } from '../base/semaphore.ts';
import type { Adjustment } from '../conversation/adjustment.ts';
import type { Engine } from '../conversation/engine.ts';
import type { Images } from '../conversation/images.ts';
import { imagesOf, isRemote } from '../conversation/item.ts';
import type { Model } from '../conversation/model.ts';
import type { TurnEvent } from '../conversation/turn-event.ts';
import type { Turn } from '../conversation/turn.ts';
import { createAdmission, type AdmissionLimits } from './admission.ts';
import { createDeadlineClock, type Deadlines } from './deadlines.ts';
import type { ModelRouting } from './model-routing.ts';

/** What the HTTP side can ask for. */
export interface Gateway {
  /** The models to show. */
  listModels(signal: AbortSignal): Promise<readonly Model[]>;
  /** A model by id, shown or not; rejects with `model_not_found`. */
  findModel(id: string, signal: AbortSignal): Promise<Model>;
  /**
   * Runs a turn within its deadlines, and resolves when the engine has taken the whole conversation, before anything is
   * answered. An unknown model is refused before anything starts.
   */
  startTurn(turn: Turn, signal: AbortSignal): Promise<StartedTurn>;
}

interface StartedTurn {
  /** What is done in another way than the request asks. */
  readonly adjustments: readonly Adjustment[];
  /** The rest of the turn; whoever does not read it must abort its signal. */
  readonly events: AsyncIterable<TurnEvent>;
}

export interface GatewayOptions {
  readonly engine: Engine;
  readonly routing: ModelRouting;
  readonly images: Images;
  readonly deadlines: Deadlines;
  readonly limits: AdmissionLimits;
}

/** Requests whose images are fetched at once; each may bring tens of megabytes, which no limit of a body holds. */
const MAX_FETCHING = 8;

export function createGateway({ engine, routing, images, deadlines, limits }: GatewayOptions): Gateway {
  const admission = createAdmission(limits);
  const fetching = createSemaphore(MAX_FETCHING);

  /** A place among those whose fetched images are on their way down. */
  async function enterFetching({ items }: Turn, signal: AbortSignal): Promise<Release> {
    return imagesOf(items).some(isRemote) ? await fetching.acquire(signal) : () => {};
  }

  async function* run(turn: Turn, caller: AbortSignal): AsyncGenerator<TurnEvent> {
    const clock = createDeadlineClock(deadlines, caller);
    const started = clock.begin('start');
    let leave = () => {};
    let letGo = () => {};
    try {
      const routed = await routing.route(turn, clock.signal);
      leave = await admission.enter(clock.signal);
      // Also when the reader has stopped to read and never comes back to hear of it.
      clock.signal.addEventListener('abort', leave, { once: true });
      clock.begin('turn');
      letGo = await enterFetching(routed, clock.signal);
      const items = await images.load(routed.items, clock.signal);
      let heard: (() => void) | undefined;
      for await (const event of engine.runTurn({ ...routed, items }, clock.signal)) {
        if (event.type === 'turn-start') {
          letGo();
          started();
          heard = clock.begin('firstByte');
        } else heard?.();
        yield event;
      }
    } finally {
      clock.stop();
      letGo();
      leave();
    }
  }

  return {
    findModel: routing.find,
    listModels: async (signal) => (await routing.models(signal)).filter((model) => model.listed),
    async startTurn(turn, signal) {
      const events = run(turn, signal);
      const { value } = await events.next();
      if (value?.type !== 'turn-start') throw new Error('the turn began without a turn-start event');
      return { adjustments: value.adjustments, events };
    },
  };
}
