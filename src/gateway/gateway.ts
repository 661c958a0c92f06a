import { GatewayError } from '../base/errors.ts';
import { excerpt } from '../base/excerpt.ts';
import type { Engine } from '../conversation/engine.ts';
import type { Model } from '../conversation/model.ts';
import type { TurnEvent } from '../conversation/turn-event.ts';
import type { Turn } from '../conversation/turn.ts';
import { createAdmission, type AdmissionLimits } from './admission.ts';
import { createDeadlineClock, type Deadlines } from './deadlines.ts';

/** What the HTTP side can ask for. */
export interface Gateway {
  /** The models to show. */
  listModels(signal: AbortSignal): Promise<readonly Model[]>;
  /** A model by id, shown or not; rejects with `model_not_found`. */
  findModel(id: string, signal: AbortSignal): Promise<Model>;
  /** Runs a turn within its deadlines; an unknown model is refused before anything starts. */
  runTurn(turn: Turn, signal: AbortSignal): AsyncGenerator<TurnEvent>;
}

export interface GatewayOptions {
  readonly engine: Engine;
  readonly deadlines: Deadlines;
  readonly limits: AdmissionLimits;
}

export function createGateway({ engine, deadlines, limits }: GatewayOptions): Gateway {
  const admission = createAdmission(limits);

  async function findModel(id: string, signal: AbortSignal): Promise<Model> {
    const model = (await engine.models(signal)).find((candidate) => candidate.id === id);
    if (model) return model;
    throw new GatewayError(
      'model_not_found',
      `The model '${excerpt(id)}' does not exist or you do not have access to it. GET /v1/models lists the models.`,
      { param: 'model' },
    );
  }

  return {
    findModel,
    listModels: async (signal) => (await engine.models(signal)).filter((model) => model.listed),
    async *runTurn(turn, caller) {
      const clock = createDeadlineClock(deadlines, caller);
      const started = clock.begin('start');
      let leave = () => {};
      try {
        await findModel(turn.model, clock.signal);
        leave = await admission.enter(clock.signal);
        // Also when the reader has stopped to read and never comes back to hear of it.
        clock.signal.addEventListener('abort', leave, { once: true });
        started();
        clock.begin('turn');
        let heard: (() => void) | undefined = clock.begin('firstByte');
        for await (const event of engine.runTurn(turn, clock.signal)) {
          heard?.();
          heard = undefined;
          yield event;
        }
      } finally {
        clock.stop();
        leave();
      }
    },
  };
}
