import { inputRequired, inputResponse, type InputRequiredResult } from '@modelcontextprotocol/server';
import { CLIENT_CAPABILITIES_META_KEY, type ClientCapabilities } from '@modelcontextprotocol/server';
import type { Server, ServerContext } from '@modelcontextprotocol/server';
import { shuttingDown } from '../../base/errors.ts';
import type { PreparedCall } from '../tool-service.ts';
import type { OpenQuestions, QuestionedCall } from './open-questions.ts';

/** Name of the question among those of one call, and of its one field. */
const CONFIRM = 'confirm';

/** Time in which a person can answer. */
const ANSWER_TIME_MS = 10 * 60_000;

export interface Asking {
  readonly server: Server;
  readonly context: ServerContext;
  /** True for the protocol of 2026-07-28, in which the answer comes with another request. */
  readonly isModern: boolean;
  readonly questions: OpenQuestions;
  readonly asked: QuestionedCall;
  /** Aborts when the call is cancelled. */
  readonly signal: AbortSignal;
  /** Aborts when the server stops, and no answer can come any more. */
  readonly leaving: AbortSignal;
}

/** The decision about a call, or the question that has to be sent before there is one. */
export type Confirmation =
  | { readonly isConfirmed: boolean; readonly refusal?: string }
  | { readonly ask: InputRequiredResult };

/**
 * Finds out if a call may change something. If the client can ask a person, it has to: `confirm` in the arguments is not enough,
 * since the model writes those.
 */
export async function confirmCall(call: PreparedCall, asking: Asking): Promise<Confirmation> {
  const { question, isConfirmed } = call;
  if (question === undefined) return { isConfirmed: true };
  if (!canAsk(asking)) return { isConfirmed };
  return asking.isModern ? readAnswer(question, asking) : await ask(question, asking);
}

function canAsk({ server, context }: Asking): boolean {
  const envelope: Readonly<Record<string, unknown>> = context.mcpReq.envelope ?? {};
  const declared = envelope[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined;
  const elicitation = (declared ?? server.getClientCapabilities())?.elicitation;
  // A client that names no mode has forms.
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

function formOf(question: string) {
  return {
    message: question,
    requestedSchema: {
      type: 'object' as const,
      properties: {
        [CONFIRM]: { type: 'boolean' as const, title: 'Confirm', description: 'Do it for real.' },
      },
      required: [CONFIRM],
    },
  };
}

async function ask(
  question: string,
  { context, signal, leaving }: Asking,
): Promise<Extract<Confirmation, { isConfirmed: boolean }>> {
  try {
    const request = { method: 'elicitation/create' as const, params: { mode: 'form', ...formOf(question) } };
    const { action, content } = await context.mcpReq.send(request, {
      timeout: ANSWER_TIME_MS,
      signal: AbortSignal.any([signal, leaving]),
    });
    return judge(action, content);
  } catch {
    signal.throwIfAborted();
    if (leaving.aborted) throw shuttingDown();
    return { isConfirmed: false, refusal: 'the question was not answered' };
  }
}

/** Reads the answer in a request that repeats the call, or returns the question. */
function readAnswer(question: string, { context, questions, asked }: Asking): Confirmation {
  const { inputResponses, requestState } = context.mcpReq;
  const answer = inputResponse(inputResponses, CONFIRM);
  if (answer.kind === 'elicit' && questions.take(requestState(), asked)) {
    return judge(answer.action, answer.content);
  }
  return {
    ask: inputRequired({
      inputRequests: { [CONFIRM]: inputRequired.elicit(formOf(question)) },
      requestState: questions.open(asked),
    }),
  };
}

function judge(action: string, content: Readonly<Record<string, unknown>> | undefined) {
  if (action === 'accept' && content?.[CONFIRM] === true) return { isConfirmed: true };
  return { isConfirmed: false, refusal: REFUSALS[action] ?? 'the question was not answered' };
}

const REFUSALS: Readonly<Record<string, string>> = {
  accept: 'the question was answered with no',
  decline: 'the question was declined',
  cancel: 'the question was dismissed',
};
