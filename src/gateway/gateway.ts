import { explainAsked, type AskedMark } from '../base/asked-mark.ts';
import { tap } from '../base/async/tap.ts';
import { showable } from '../base/excerpt.ts';
import type { LimitWindow } from '../conversation/account-limits.ts';
import type { Adjustment, AnswerBatch } from '../conversation/turn-event.ts';
import type { Observer } from '../base/observation.ts';
import type { Engine } from '../conversation/ports/engine.ts';
import type { Images } from '../conversation/ports/images.ts';
import type { SchemaChecker } from '../conversation/ports/schema-checker.ts';
import type { Tokenizer } from '../conversation/ports/tokenizer.ts';
import { NO_USAGE, type Usage } from '../conversation/usage.ts';
import type { TurnRequest } from '../conversation/turn-request.ts';
import type { TurnOptions } from '../conversation/turn.ts';
import { watchUsage, type AnswerUsage } from './watch-usage.ts';
import { countRequestTokens, type CountedRequest } from './answer/count-tokens.ts';
import { createPipeline, type Pipeline } from './answer/pipeline.ts';
import { beginAnswers, checkAnswerCount, type StartedAnswer } from './answer/several-answers.ts';
import type { Run } from './answer/stage.ts';
import type { ModelRouting, RoutedTurn } from './models/model-routing.ts';
import {
  cancelAll,
  createAdmission,
  type AdmissionLimits,
  type CheckTurns,
  type Reservation,
  type TurnCounts,
} from './turn/admission.ts';
import { withDeadlines, type Deadlines } from './turn/deadlines.ts';
import { createImageLoading } from './turn/image-loading.ts';
import { AnswerCutError, watchTurn } from './turn/watch-turn.ts';
import { runTurn, type LoadItems, type TurnRunner } from './turn/run-turn.ts';

/** The use cases of requests that a turn answers. */
export interface Gateway {
  /**
   * Admits a request of a caller that takes so many answers, or throws at once. Each reservation must be used or cancelled.
   */
  reserve(caller: string | undefined, answers: number): readonly Reservation[];
  /**
   * Answers a request within its deadlines, and resolves when the engine has taken the whole conversation, before anything
   * is answered. An unknown model is refused before anything starts.
   */
  answer(request: TurnRequest, signal: AbortSignal, asker?: Asker): Promise<Answer>;
  /** Finds out how a request would be answered, and runs nothing. An unknown model is refused. */
  resolveRequest(request: TurnRequest, signal: AbortSignal): Promise<ResolvedRequest>;
  /** Estimates the tokens of what a request would show to its model, images left out, and runs nothing. */
  countTokens(request: CountedRequest, signal: AbortSignal): Promise<number>;
  /** Returns the limits of the account that a model counts against, as far as they are known. */
  limits(requested?: string): readonly LimitWindow[];
  /** Returns the numbers of turns that run and wait at the moment. */
  turns(): TurnCounts;
  /** Maximum number of answers that run and wait at once; a request for more is refused. */
  readonly maxAnswers: number;
}

/** The one who asks for an answer. */
export interface Asker {
  /** Id of the caller. Callers get places in turn, and an answer may continue an earlier one of the same caller. */
  readonly caller?: string | undefined;
  /** True for an answer that neither continues another one nor can be continued. */
  readonly isSeparate?: boolean;
  /** A reservation for each of the answers; without it, they are made first. */
  readonly reservations?: readonly Reservation[] | undefined;
  /** Set once the provider may have been asked; shared by all requests that are one to the caller. */
  readonly asked?: AskedMark | undefined;
  /** Called when a first turn has left the queue. */
  onAdmitted?(): void;
}

export interface Answer extends ResolvedRequest {
  /** True if the engine had most of the conversation from an earlier answer. */
  readonly isContinued?: boolean;
  /**
   * The events of all answers that were asked for, batch by batch as they arrive; a reader that leaves them unread must abort
   * the signal.
   */
  readonly events: AsyncIterable<AnswerBatch>;
}

/** The facts of an answer that follow from its request and the settings. */
export interface ResolvedRequest {
  /** The engine's id of the model. */
  readonly model: string;
  /** Deviations from the request. Those of an answer are complete when the answer begins. */
  readonly adjustments: readonly Adjustment[];
  /** Service tier with which the turns run. */
  readonly serviceTier: NonNullable<TurnOptions['serviceTier']>;
  /** Effective effort, also if the request asks for none; null if it is unknown. */
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
  readonly observer: Observer;
  /** Called before a request is admitted. */
  readonly checkTurns?: CheckTurns | undefined;
  /** Called with the tokens of each answer, the engine's id of its model, and the id of the caller. */
  readonly onUsage?: ((model: string, usage: Usage, caller: string | undefined) => void) | undefined;
}

export function createGateway(options: GatewayOptions): Gateway {
  const { engine, routing, tokenizer, deadlines, limits, observer } = options;
  const admission = createAdmission(limits, observer, options.checkTurns);
  const maxAnswers = limits.running + limits.waiting;
  const reserve: Gateway['reserve'] = (caller = '', answers) => admission.reserve(caller, answers);
  const answerReserved = createAnswering(options);

  async function route({ turn }: CountedRequest, caller: AbortSignal): Promise<RoutedTurn> {
    observer.observe({ type: 'model-asked', model: showable(turn.model) });
    const controller = new AbortController();
    return await withDeadlines(deadlines, controller, async (clock) => {
      clock.begin('start');
      return await routing.route(turn, AbortSignal.any([caller, controller.signal]));
    });
  }

  return {
    limits: (requested) => engine.limits(requested === undefined ? undefined : routing.targetOf(requested)),
    turns: admission.count,
    maxAnswers,
    reserve,
    resolveRequest: async (request, signal) => describe(await route(request, signal)),
    async countTokens(request, signal) {
      const { turn } = await route(request, signal);
      return await countRequestTokens({ ...request, turn }, tokenizer, signal);
    },
    async answer(request, signal, asker = {}) {
      checkAnswerCount(request.n, maxAnswers, 'n');
      const { reservations = reserve(asker.caller, request.n), asked = { isAsked: false } } = asker;
      try {
        const routed = await route(request, signal);
        return await answerReserved(request, routed, signal, { ...asker, reservations, asked });
      } catch (error) {
        cancelAll(reservations);
        throw explainAsked(error, asked);
      }
    },
  };
}

/** Returns a function that answers a request whose model is known and whose turns have reservations. */
function createAnswering(options: GatewayOptions) {
  const { engine, images, schemas, tokenizer, deadlines, observer } = options;
  const runner = { engine, deadlines };
  const createLoading = createImageLoading(images);

  return async (
    request: TurnRequest,
    routed: RoutedTurn,
    signal: AbortSignal,
    { caller, isSeparate = false, onAdmitted, reservations = [], asked = { isAsked: false } }: Asker,
  ): Promise<Answer> => {
    const { turn } = routed;
    observer.observe({ type: 'model-known', model: turn.model });
    const begun = Promise.withResolvers<void>();
    const loadItems = createLoading(turn.items, begun.promise);
    const pipeline = createPipeline({ ...request, turn }, { schemas, tokenizer, signal });
    // Several answers to one conversation are equals: none of them is the one to continue.
    const owner = request.n === 1 && !isSeparate ? caller : undefined;
    const onUsage = (usage: Usage) => {
      options.onUsage?.(turn.model, usage, caller);
      observer.observe({ type: 'answer-usage', model: turn.model, usage });
    };
    const shared = { runner, observer, loadItems, owner, asked, onAdmitted, onUsage, caller: signal };
    const answers = reservations.map((reservation, index) =>
      startAnswer(pipeline, { ...shared, reservation, isFurther: index > 0 }),
    );
    const adjustments = [...routed.adjustments, ...pipeline.adjustments];
    let isContinued = false;
    const onContinued = () => {
      isContinued = true;
    };
    const events = await beginAnswers(answers, adjustments, onContinued).finally(begun.resolve);
    return {
      ...describe(routed),
      adjustments,
      isContinued,
      events: tap(
        events,
        (batch) => answers[batch.index]?.usage.note(batch),
        (error) => explainAsked(error, asked),
      ),
    };
  };
}

interface AnswerOptions {
  readonly observer: Observer;
  readonly runner: TurnRunner;
  readonly reservation: Reservation;
  readonly loadItems: LoadItems;
  readonly owner: string | undefined;
  readonly asked: AskedMark;
  readonly onAdmitted: (() => void) | undefined;
  readonly onUsage: (usage: Usage) => void;
  readonly caller: AbortSignal;
  /** True for another answer to the same request. */
  readonly isFurther: boolean;
}

/** Starts one answer. A single controller ends all that is under way for it. */
function startAnswer(
  pipeline: Pipeline,
  { runner, observer, owner, caller, isFurther, onUsage, ...options }: AnswerOptions,
): StartedAnswer & { readonly usage: AnswerUsage } {
  const controller = new AbortController();
  const signal = AbortSignal.any([caller, controller.signal]);
  const usage = watchUsage(signal, onUsage);
  // Only the first turn is the caller's: what a repair adds is not part of the conversation.
  let turns = 0;
  const run: Run = (turn) => {
    turns += 1;
    const own = isFurther ? { ...turn, initiator: 'agent' as const } : turn;
    const runOptions = { ...options, owner: turns === 1 ? owner : undefined, signal, controller };
    const events = usage.watch(own, runTurn(runner, own, runOptions));
    return watchTurn(events, { model: turn.model, observer, signal });
  };
  const batches = pipeline.start(run, () => controller.abort(new AnswerCutError()));
  return { batches, controller, usage, reservation: options.reservation };
}

function describe({ turn, adjustments, reasoningEffort }: RoutedTurn): ResolvedRequest {
  return { model: turn.model, adjustments, serviceTier: turn.serviceTier ?? 'default', reasoningEffort };
}

/** Answers a request that only prepares later ones with an answer that says nothing; no model is asked. */
export async function warmUp(
  gateway: Pick<Gateway, 'resolveRequest'>,
  request: TurnRequest,
  signal: AbortSignal,
): Promise<Answer> {
  return { ...(await gateway.resolveRequest(request, signal)), events: end() };
}

async function* end(): AsyncGenerator<AnswerBatch> {
  yield {
    index: 0,
    events: [{ type: 'turn-end', reason: 'stop', isComplete: true, usage: NO_USAGE }],
  };
}
