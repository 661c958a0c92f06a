import type { Adjustment } from '../../conversation/turn-event.ts';
import type { SchemaChecker } from '../../conversation/ports/schema-checker.ts';
import type { Tokenizer } from '../../conversation/ports/tokenizer.ts';
import type { TurnRequest } from '../../conversation/turn-request.ts';
import { applyStages } from './apply-stages.ts';
import { createPromptCounter } from './count-tokens.ts';
import { estimateUsage } from './estimate-usage.ts';
import { placeCommentary } from './place-commentary.ts';
import { requireCall } from './require-call.ts';
import { planFormatOf, requireFormat, type FormatPlan } from './require-format.ts';
import { onEvents, onTurns, type Batch, type Run, type Stage } from './stage.ts';
import { cutAtStop } from './stop-sequences.ts';
import { limitTokens } from './token-limit.ts';
import { createCheck, verifyFormat } from './verify-format.ts';

/** The way of the answers to one request: one turn or more for each, and the stages that its events pass. */
export interface Pipeline {
  /** Deviations from the request, as far as they are known before the answer. */
  readonly adjustments: readonly Adjustment[];
  /** Starts one answer. `interrupt` is called when the answer has ended while its turn is still under way. */
  start(runTurn: Run, interrupt: () => void): AsyncGenerator<Batch>;
}

export interface PipelineServices {
  readonly schemas: SchemaChecker;
  readonly tokenizer: Tokenizer;
  /** Aborts when nobody waits for the answers any more. */
  readonly signal: AbortSignal;
}

export function createPipeline(request: TurnRequest, services: PipelineServices): Pipeline {
  const plan = planFormatOf(request);
  const stages = listStages(request, plan, services);
  return {
    adjustments: plan.adjustments,
    start: (runTurn, interrupt) => applyStages(runTurn, stages, interrupt)(plan.turn),
  };
}

/**
 * Returns the stages that a request asks for, in the order in which the events of its answers pass them. A stage of events
 * before a stage of turns sees the events of every turn that it runs, repairs included. After it, a stage of events sees only
 * what comes out of it: one answer, whose turns it cannot tell apart.
 */
function listStages(
  request: TurnRequest,
  { readHeldText }: FormatPlan,
  { schemas, tokenizer, signal }: PipelineServices,
): Stage[] {
  const { turn, format, stop, maxTokens, callRequired } = request;
  const check = createCheck(schemas, signal);
  const countPrompt = createPromptCounter(turn, tokenizer, signal);
  const stages = [
    // Always. Commentary becomes text; reasoning where the text must be JSON.
    onEvents(() => placeCommentary(format.type === 'text')),

    // With stop sequences, unless a call is required: they must not keep it from coming.
    stop.length > 0 && callRequired === undefined && onEvents(() => cutAtStop(stop)),

    // With a limit of tokens, except for a turn that writes a call as JSON.
    maxTokens !== undefined &&
      onEvents(({ expectsCalls }) => (expectsCalls ? undefined : limitTokens(maxTokens, tokenizer, signal))),

    // Always. The usage of a cut answer is estimated: the two stages above cut answers, and so does Codex.
    onEvents((ownTurn) => estimateUsage({ countPrompt: () => countPrompt(ownTurn), tokenizer, signal })),

    // With a schema that the provider holds the model to: the text streams, and is checked at its end.
    format.type === 'json-schema' &&
      readHeldText === undefined &&
      callRequired === undefined &&
      onEvents(() => verifyFormat(format, check)),

    // With any other JSON: the text is held back, read, and repaired by a further turn if need be.
    readHeldText !== undefined && onTurns(requireFormat(readHeldText, check)),

    // With a required call: if the model makes none, a further turn asks for it as JSON.
    callRequired !== undefined && onTurns(requireCall({ turn, stop, callRequired }, check)),
  ];
  return stages.filter((stage) => stage !== false);
}
