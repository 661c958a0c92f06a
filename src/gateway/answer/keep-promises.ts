import { GatewayError } from '../../base/errors.ts';
import type { SchemaChecker } from '../../conversation/ports/schema-checker.ts';
import type { Tokenizer } from '../../conversation/ports/tokenizer.ts';
import type { TurnEvent } from '../../conversation/turn-event.ts';
import type { TurnRequest } from '../../conversation/turn-request.ts';
import type { Run } from './ask-for-json.ts';
import { cutAnswer, type CutRules } from './cut-answer.ts';
import { estimateUsage } from './estimate-usage.ts';
import { placeCommentary } from './place-commentary.ts';
import { createPromptCounter } from './prompt-counter.ts';
import { createCallRequirement } from './require-call.ts';
import { planFormat, requireFormat, type Check, type FormatPlan } from './require-format.ts';
import { verifyFormat } from './verify-format.ts';

export interface Promises {
  readonly request: TurnRequest;
  readonly run: Run;
  readonly schemas: SchemaChecker;
  readonly tokenizer: Tokenizer;
  readonly signal: AbortSignal;
}

/**
 * Makes the answers to a request: each runs as many turns as it takes to keep what the request promises its caller. What
 * they have in common is worked out once.
 */
export function keepPromises(promises: Promises): () => AsyncGenerator<TurnEvent> {
  const { request, tokenizer, signal } = promises;
  const plan = planFormat(request.turn, request.format);
  const check = createCheck(promises);
  const countPrompt = createPromptCounter(request.turn, tokenizer, signal);
  const runWithin =
    (rules: CutRules): Run =>
    (turn) => {
      const events = placeCommentary(promises.run(turn), request.format.type === 'text');
      const cut = cutAnswer(events, rules, tokenizer, signal);
      return estimateUsage(cut, { countPrompt: () => countPrompt(turn), tokenizer, signal });
    };

  if (request.callRequired === undefined) {
    const answer = () => requireFormat(runWithin(request), plan, check);
    return () => told(plan.adjustments, verified(answer(), plan, promises, check));
  }
  const { turn, adjustments } = formatBesideCall(plan, request);
  // No stop sequence keeps a call from coming; the text before it is cut when it is there.
  const run = runWithin({ stop: [], maxTokens: request.maxTokens });
  const runForCall = runWithin({ stop: [], maxTokens: undefined });
  const requireCall = createCallRequirement({ ...request, turn }, check);
  return () => told(adjustments, requireCall(run, runForCall));
}

/** What the gateway has read has been checked by it. */
function verified(
  events: AsyncIterable<TurnEvent>,
  { read }: FormatPlan,
  { request: { format } }: Promises,
  check: Check,
): AsyncIterable<TurnEvent> {
  return read === undefined && format.type === 'json-schema' ? verifyFormat(events, format, check) : events;
}

async function* told(
  adjustments: FormatPlan['adjustments'],
  events: AsyncIterable<TurnEvent>,
): AsyncGenerator<TurnEvent> {
  for (const adjustment of adjustments) yield { type: 'adjustment', adjustment };
  yield* events;
}

/** Only the provider can see to the format of a text that comes beside a call. */
function formatBesideCall(
  plan: FormatPlan,
  { turn, format }: TurnRequest,
): Pick<FormatPlan, 'turn' | 'adjustments'> {
  if (plan.read === undefined) return plan;
  return { turn, adjustments: [{ path: 'format', from: format.type.replace('-', '_'), to: 'text' }] };
}

/** An error of a check is one of the schema, which stands in the request. */
function createCheck({ schemas, signal }: Promises): Check {
  return async (schema, value, path) => {
    try {
      return await schemas.check(schema, value, signal);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      throw new GatewayError(error.code, error.message, { ...error.detail, param: path });
    }
  };
}
