import type { AgentClient } from '../../../app/inquiries/agent-client.ts';
import type { SentEvent } from '../../../app/inquiries/follow-stream.ts';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { messageOf } from '../../../base/errors.ts';
import type { Terminal } from '../../terminal.ts';
import { askPerson } from './ask-person.ts';
import { createRequestQueue, type RequestQueue } from './request-queue.ts';
import type { Screen } from './screen.ts';
import { createEventPrinter } from './show-event.ts';
import type { Styles } from './styles.ts';

/** The end of a turn. */
export interface AgentOutcome {
  readonly status: 'completed' | 'interrupted' | 'failed';
  /** The reason of a failure. */
  readonly error: string | undefined;
}

interface FollowOptions {
  readonly agent: AgentClient;
  readonly terminal: Terminal;
  readonly screen: Screen;
  readonly styles: Styles;
}

/** Runs one turn and shows it; what needs a decision is asked at the terminal, or declined where there is none. */
export async function followAgent(message: string, options: FollowOptions): Promise<AgentOutcome> {
  const { agent, terminal, screen, styles } = options;
  const workspace = String(agent.session.workspace_root);
  const printer = createEventPrinter({ screen, styles, workspace });
  const queue = createRequestQueue({
    async ask(approval, signal) {
      printer.showRequest(approval);
      if (!terminal.canAsk) screen.note(NOBODY, styles.bold);
      return terminal.canAsk ? await askPerson(approval, { terminal, screen }, signal) : { decision: 'deny' };
    },
    send: async (approval, answer) =>
      await sendAnswer(agent, approval, answer, (text) => screen.note(text, styles.bold)),
  });
  try {
    return await followEvents(agent, message, queue, (event, isOwn) => {
      if (event.type === 'approval.responded' && !isOwn && event.by !== 'turn') {
        // A request that nobody was asked about comes with its decision.
        if (isJsonObject(event.approval)) printer.showRequest(event.approval);
        screen.note(describeDecision(event), styles.bold);
      }
      printer.show(event);
    });
  } finally {
    queue.close();
    screen.rest();
  }
}

const NOBODY =
  'Declined, because there is no terminal to ask at; with --review none nothing is asked, and the sandbox decides.';

/** Runs one turn and prints each event as a line of JSON; what needs a decision is declined. */
export async function printEvents(
  message: string,
  { agent, terminal }: Pick<FollowOptions, 'agent' | 'terminal'>,
): Promise<AgentOutcome> {
  const print = (event: object) => terminal.print(JSON.stringify(event));
  print({ type: 'session.created', session: agent.session });
  const queue = createRequestQueue({
    ask: async () => await Promise.resolve({ decision: 'deny' }),
    send: async (approval, answer) => await sendAnswer(agent, approval, answer, terminal.complain),
  });
  return await followEvents(agent, message, queue, print);
}

/** Hands on the events of a turn, and its requests to a queue, until the turn has ended. */
async function followEvents(
  agent: AgentClient,
  message: string,
  queue: RequestQueue,
  onEvent: (event: SentEvent, isOwn: boolean) => void,
): Promise<AgentOutcome> {
  for await (const event of agent.run(message)) {
    const isOwn = event.type === 'approval.responded' && queue.settle(String(event.request_id));
    onEvent(event, isOwn);
    if (event.type === 'approval.requested' && isJsonObject(event.approval)) queue.add(event.approval);
    const outcome = event.type === 'resync' ? await catchUp(agent, queue) : outcomeOf(event);
    if (outcome !== undefined) return outcome;
  }
  return { status: 'failed', error: undefined };
}

/** Reads what is known only from missing events: requests that wait, and the end of the turn. */
async function catchUp(agent: AgentClient, queue: RequestQueue): Promise<AgentOutcome | undefined> {
  const { status, last_error: error, pending_approvals: pending } = await agent.read();
  if (Array.isArray(pending)) pending.filter(isJsonObject).forEach(queue.add);
  if (status === 'idle') return { status: 'completed', error: undefined };
  return status === 'error' ? { status: 'failed', error: textOf(error) } : undefined;
}

function outcomeOf({ type, status, error, last_error: lastError }: SentEvent): AgentOutcome | undefined {
  // A turn that could not even start has no end of its own.
  if (type === 'session.updated' && status === 'error') return { status: 'failed', error: textOf(lastError) };
  if (type !== 'turn.completed') return undefined;
  const known = status === 'completed' || status === 'interrupted' ? status : 'failed';
  return { status: known, error: textOf(error) };
}

async function sendAnswer(
  agent: AgentClient,
  { request_id: requestId }: JsonObject,
  answer: JsonObject,
  complain: (text: string) => void,
): Promise<void> {
  try {
    await agent.answer(String(requestId), answer);
  } catch (error) {
    // It may have been decided elsewhere a moment before, or the turn has ended.
    complain(`The answer was not taken: ${messageOf(error)}`);
  }
}

function describeDecision({ decision, by, reason }: SentEvent): string {
  const isAllowed = decision === 'allow' || decision === 'allow_session';
  const what = isAllowed ? 'Allowed' : 'Declined';
  const why = typeof reason === 'string' && reason !== '' ? `: ${reason}` : '.';
  switch (by) {
    case 'timeout':
      return `${what}, because nobody answered in time${why}`;
    case 'session':
      return `${what}, as before in this session${why}`;
    case 'gateway':
      return `${what} by the gateway${why}`;
    default:
      return `${what} by another client${why}`;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
