import type { AgentChoices, AgentClient } from '../../../app/inquiries/agent-client.ts';
import { withAgent } from '../../../app/inquiries/with-agent.ts';
import type { Environment, Flags } from '../../../app/config/config.ts';
import { listenForSignals } from '../../../app/lifecycle/signals.ts';
import { StartupError } from '../../../base/errors.ts';
import { CommandEnd } from '../../command-end.ts';
import { readInput, type Terminal } from '../../terminal.ts';
import { followAgent, printEvents, type AgentOutcome } from './follow-agent.ts';
import { createScreen } from './screen.ts';
import { createStyles } from './styles.ts';

interface AgentFlags extends Flags {
  readonly model?: string;
  readonly review?: string;
  readonly tools?: boolean;
  readonly json?: boolean;
  readonly demo?: boolean;
}

const REVIEWS = ['edits', 'commands', 'none'];

/** Exit code of a turn that was interrupted, as of a command that Ctrl-C ends. */
const INTERRUPTED = 130;

/** Runs one session of an agent on the running gateway, or on one started for it, and asks at the terminal what it may do. */
export async function agent(
  flags: AgentFlags,
  environment: Environment,
  terminal: Terminal,
  words?: string,
): Promise<void> {
  const { review, json = false, demo = false } = flags;
  if (review !== undefined && !REVIEWS.includes(review))
    throw new StartupError(`--review is '${review}', but it has to be one of ${REVIEWS.join(', ')}.`);
  const message = words === undefined || words === '-' ? await readInput() : words;
  if (message.trim() === '')
    throw new StartupError('There is nothing to do; add it after agent, or pipe it in.');

  const outcome = await untilInterrupted(terminal, async (signal, onSession) =>
    withAgent({ flags, environment, demo, signal }, choicesOf(flags), async (client) => {
      onSession(client);
      if (json) return await printEvents(message, { agent: client, terminal });
      const screen = createScreen(terminal);
      const styles = createStyles(environment, terminal.isTerminal);
      const { id, workspace_root: workspace } = client.session;
      screen.note(`Session ${String(id)} in ${String(workspace)}`, styles.dim);
      return await followAgent(message, { agent: client, terminal, screen, styles });
    }),
  );
  endBy(outcome);
}

function choicesOf({ model, review, tools }: AgentFlags): AgentChoices {
  return {
    ...(review !== undefined && { review }),
    ...(tools !== undefined && { tools }),
    ...(model !== undefined && { model }),
  };
}

function endBy({ status, error }: AgentOutcome): void {
  if (status === 'interrupted') throw new CommandEnd(INTERRUPTED, 'The turn was interrupted.');
  if (status === 'failed')
    throw new CommandEnd(1, error ?? 'The turn has failed; the log of the gateway says why.');
}

/** Interrupts the turn at the first signal, so that the agent ends in order, and everything at the second. */
async function untilInterrupted<T>(
  terminal: Terminal,
  run: (signal: AbortSignal, onSession: (client: AgentClient) => void) => Promise<T>,
): Promise<T> {
  const signals = listenForSignals();
  const stop = new AbortController();
  let client: AgentClient | undefined;
  const end = () => stop.abort(new CommandEnd(INTERRUPTED, 'Stopped.'));
  void signals.next().then(() => {
    if (client === undefined) return end();
    // The line of a question may be open.
    terminal.writeBeside(terminal.canAsk ? '\n' : '');
    terminal.complain('Interrupting the turn; another signal, such as Ctrl-C, ends the command at once.');
    void signals.next().then(end);
    client.interrupt().catch(end);
  });
  try {
    return await run(stop.signal, (created) => (client = created));
  } catch (error) {
    // An error caused by the abort is not the reason.
    stop.signal.throwIfAborted();
    throw error;
  } finally {
    signals.stopListening();
  }
}
