import type { SentEvent } from '../../../app/inquiries/follow-stream.ts';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { describeChange, nameWithin } from './describe-change.ts';
import type { Screen } from './screen.ts';
import type { Styles } from './styles.ts';

export interface ShownSession {
  readonly screen: Screen;
  readonly styles: Styles;
  /** The folder of the agent, whose name is left out of paths. */
  readonly workspace: string;
}

/** Shows the events of a session in words. */
export interface EventPrinter {
  show(event: SentEvent): void;
  /** Shows what a request is about, as far as it has not been shown. */
  showRequest(approval: JsonObject): void;
}

export function createEventPrinter(session: ShownSession): EventPrinter {
  const shown: Shown = {
    ...session,
    characters: new Map(),
    commands: new Set(),
    outputs: new Set(),
    diffs: new Set(),
    speaker: '',
  };
  const { screen, styles } = session;
  return {
    show: (event) => HANDLERS[event.type]?.(event, shown),
    showRequest({ kind, title, description, preview, diff, command, payload }) {
      const itemId = isJsonObject(payload) ? String(payload.itemId) : '';
      if (typeof diff === 'string') {
        screen.note(diff, styles.diff);
        shown.diffs.add(itemId);
      }
      if (typeof command === 'string') showCommand(itemId, command, shown);
      // A tool that asks in its own words has said everything.
      if (kind === 'tool' && typeof preview === 'string' && preview !== description)
        screen.note(preview, styles.dim);
      screen.note([title, description].filter((text) => text !== '').join(' '), styles.bold);
    },
  };
}

/** Items that have been shown in part or whole, by their ids. */
interface Shown extends ShownSession {
  readonly characters: Map<string, number>;
  readonly commands: Set<string>;
  readonly outputs: Set<string>;
  readonly diffs: Set<string>;
  /** The message that was printed last. */
  speaker: string;
}

const HANDLERS: Readonly<Record<string, (event: SentEvent, shown: Shown) => void>> = {
  'item.agent_message.delta': ({ item_id: id, delta }, shown) => say(String(id), String(delta), shown),
  'item.started': ({ item }, shown) => {
    if (isJsonObject(item)) STARTED[String(item.type)]?.(item, shown);
  },
  'item.completed': ({ item }, shown) => {
    if (isJsonObject(item)) COMPLETED[String(item.type)]?.(item, shown);
  },
  'command.execution.output': ({ item_id: id, delta, left_out: leftOut }, { screen, styles, outputs }) => {
    outputs.add(String(id));
    if (Number(leftOut) > 0) screen.note(`(${Number(leftOut)} bytes left out)`, styles.dim);
    screen.pour(String(delta), styles.dim);
  },
  'turn.plan.updated': ({ plan }, { screen, styles }) => {
    const steps = (Array.isArray(plan) ? plan : []).filter(isJsonObject);
    const lines = steps.map(({ step, status }) => `${MARKS[String(status)] ?? '[ ]'} ${String(step)}`);
    screen.note(['Plan:', ...lines].join('\n'), styles.dim);
  },
  'session.updated': ({ status, queue_position: place }, { screen }) => {
    if (status === 'queued') screen.note(`Other turns run first; this one is number ${String(place)}.`);
  },
};

const STARTED: Readonly<Record<string, (item: JsonObject, shown: Shown) => void>> = {
  commandExecution: ({ id, command }, shown) => showCommand(String(id), String(command), shown),
  mcpToolCall: ({ server, tool }, { screen, styles }) =>
    screen.note(`Tool: ${String(server)}.${String(tool)}`, styles.bold),
  webSearch: ({ query }, { screen, styles }) => screen.note(`Web search: ${String(query)}`, styles.bold),
};

const COMPLETED: Readonly<Record<string, (item: JsonObject, shown: Shown) => void>> = {
  agentMessage({ id, text }, shown) {
    // A provider may send a message in one piece.
    say(String(id), String(text).slice(shown.characters.get(String(id)) ?? 0), shown);
  },
  commandExecution({ id, status, exitCode, aggregatedOutput, command }, shown) {
    const { screen, styles, outputs } = shown;
    showCommand(String(id), String(command), shown);
    if (typeof aggregatedOutput === 'string' && !outputs.has(String(id)))
      screen.pour(aggregatedOutput, styles.dim);
    if (status === 'declined') screen.note('Declined; the command did not run.', styles.dim);
    else if (typeof exitCode === 'number' && exitCode !== 0)
      screen.note(`(exit code ${exitCode})`, styles.dim);
  },
  fileChange({ id, status, changes }, { screen, styles, diffs, workspace }) {
    const list = (Array.isArray(changes) ? changes : []).filter(isJsonObject);
    if (status === 'completed' && !diffs.has(String(id)))
      for (const change of list) screen.note(describeChange(change, workspace), styles.diff);
    const paths = list.map(({ path }) => nameWithin(workspace, String(path))).join(', ');
    screen.note(`${OUTCOMES[String(status)] ?? String(status)}: ${paths}`, styles.dim);
  },
};

const OUTCOMES: Readonly<Record<string, string>> = {
  completed: 'Changed',
  declined: 'Declined; nothing was written',
  failed: 'Failed; nothing was written',
};

const MARKS: Readonly<Record<string, string>> = { completed: '[x]', inProgress: '[>]' };

function say(itemId: string, text: string, shown: Shown): void {
  if (text === '') return;
  if (shown.speaker !== itemId) shown.screen.rest();
  shown.speaker = itemId;
  shown.characters.set(itemId, (shown.characters.get(itemId) ?? 0) + text.length);
  shown.screen.say(text);
}

function showCommand(itemId: string, command: string, { commands, screen, styles }: Shown): void {
  if (commands.has(itemId)) return;
  commands.add(itemId);
  screen.note(`$ ${withoutShell(command)}`, styles.bold);
}

/** Returns the command that a shell was given, if that is beyond doubt. */
function withoutShell(command: string): string {
  return /^(?:\/\w+)*\/(?:ba|z|da)?sh -l?c '([^']*)'$/.exec(command)?.[1] ?? command;
}
