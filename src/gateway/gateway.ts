import { tap } from '../base/async/tap.ts';
import type { Merged } from '../base/async/merge.ts';
import type { LimitWindow } from '../conversation/account-limits.ts';
import type { Adjustment } from '../conversation/adjustment.ts';
import type { Engine } from '../conversation/ports/engine.ts';
import type { Images } from '../conversation/ports/images.ts';
import type { SchemaChecker } from '../conversation/ports/schema-checker.ts';
import type { Tokenizer } from '../conversation/ports/tokenizer.ts';
import type { Usage } from '../conversation/usage.ts';
import type { AnswerEvent } from '../conversation/turn-event.ts';
import type { TurnRequest } from '../conversation/turn-request.ts';
import type { TurnOptions } from '../conversation/turn.ts';
import { createAdmission, type AdmissionLimits } from './admission.ts';
import { beginAnswers } from './answer/begin-answers.ts';
import { checkAnswers } from './answer/check-answers.ts';
import { countTokens, type CountedRequest } from './count-tokens.ts';
import { createDeadlineClock, type Deadlines } from './deadlines.ts';
import { createImageLoading } from './answer/image-loading.ts';
import { keepPromises } from './answer/keep-promises.ts';
import type { ModelRouting, RoutedTurn } from './models/model-routing.ts';
import { runTurn } from './answer/run-turn.ts';
import { untilLeft } from './answer/until-left.ts';

/** What the HTTP side can ask for. */
export interface Gateway {
  /**
   * Answers a request within its deadlines, and resolves when the engine has taken the whole conversation, before anything
   * is answered. An unknown model is refused before anything starts. `onPlace` is called when a first turn has its place
   * among those that run.
   */
  answer(request: TurnRequest, signal: AbortSignal, onPlace?: () => void): Promise<Answer>;
  /** How a request would be answered, for which nothing runs. An unknown model is refused. */
  settle(request: TurnRequest, signal: AbortSignal): Promise<Settled>;
  /** Tokens of what a request would show to its model, images left out: an estimate, for which nothing runs. */
  countTokens(request: CountedRequest, signal: AbortSignal): Promise<number>;
  /** The limits of the account, as far as they are known. */
  limits(): readonly LimitWindow[];
  /** Maximum number of answers that run and wait at once; a request for more is refused. */
  readonly maxAnswers: number;
}

export interface Answer extends Settled {
  /** The events of every answer that was asked for; whoever does not read them must abort the signal. */
  readonly events: AsyncIterable<Merged<AnswerEvent>>;
}

/** What is known of an answer from its request and the set-up. */
export interface Settled {
  /** The engine's id of the model. */
  readonly model: string;
  /** What is done in another way than the request asks; of an answer, it grows until that begins. */
  readonly adjustments: readonly Adjustment[];
  /** The one that the turns run with. */
  readonly serviceTier: NonNullable<TurnOptions['serviceTier']>;
  /** The one that counts, also where nobody has asked for one; null where nobody knows. */
  readonly reasoningEffort: string | null;
}

export interface GatewayOptions {
  readonly engine: Engine;
  readonly routing: ModelRouting;
  readonly images: Images;
  readonly schemas: SchemaChecker;
  readonly tokenizer: Tokenizer;
  readonly deadlines: Deadlines;
  readonly limits: AdmissionLimits;
  /** Hears the tokens of each answer, and of which model of the engine. */
  readonly onUsage?: ((model: string, usage: Usage) => void) | undefined;
}

export function createGateway(options: GatewayOptions): Gateway {
  const { engine, routing, images, schemas, tokenizer, deadlines, limits, onUsage } = options;
  const runner = { engine, admission: createAdmission(limits), deadlines };
  const createLoading = createImageLoading(images);
  const maxAnswers = limits.running + limits.waiting;

  function hear(model: string, event: AnswerEvent): void {
    if (event.type === 'turn-end' && event.usage !== null) onUsage?.(model, event.usage);
  }

  async function route({ turn }: CountedRequest, caller: AbortSignal): Promise<RoutedTurn> {
    const clock = createDeadlineClock(deadlines, caller);
    clock.begin('start');
    return await routing.route(turn, clock.signal).finally(clock.stop);
  }

  return {
    limits: engine.limits,
    maxAnswers,
    settle: async (request, signal) => settle(await route(request, signal)),
    async countTokens(request, signal) {
      const { turn } = await route(request, signal);
      return await countTokens({ ...request, turn }, tokenizer, signal);
    },
    async answer(request, caller, onPlace) {
      checkAnswers(request.n, maxAnswers, 'n');
      const routed = await route(request, caller);
      const { turn } = routed;
      const told = [...routed.adjustments];
      const left = new AbortController();
      const signal = AbortSignal.any([caller, left.signal]);
      const begun = Promise.withResolvers<void>();
      const load = createLoading(turn.items, begun.promise);
      const start = keepPromises({
        request: { ...request, turn },
        run: (turn) => runTurn(runner, turn, { load, onPlace, signal }),
        schemas,
        tokenizer,
        signal,
      });
      const answers = Array.from({ length: request.n }, start);
      try {
        const events = await beginAnswers(answers, told);
        const heard = tap(events, ({ value }) => hear(turn.model, value));
        return { ...settle(routed), adjustments: told, events: untilLeft(heard, left) };
      } catch (error) {
        left.abort(error);
        for (const events of answers) events.return(undefined).catch(() => {});
        throw error;
      } finally {
        begun.resolve();
      }
    },
  };
}

function settle({ turn, adjustments, reasoningEffort }: RoutedTurn): Settled {
  return { model: turn.model, adjustments, serviceTier: turn.serviceTier ?? 'default', reasoningEffort };
}
