import type { SessionEvent } from '../../../src/sessions/events/session-event.ts';
import type { Approval, SessionMessage } from '../../../src/sessions/events/shapes.ts';

interface EntryBase {
  readonly key: string;
  readonly turnId: string | null;
}

/** A command that the agent runs. */
export interface CommandEntry extends EntryBase {
  readonly kind: 'command';
  readonly command: string;
  readonly output: string;
  /** Bytes of the output that are not shown. */
  readonly leftOut: number;
  readonly status: string;
  readonly exitCode: number | null;
  readonly durationMs: number | null;
}

/** A patch of the agent. */
export interface EditEntry extends EntryBase {
  readonly kind: 'edit';
  readonly files: readonly { readonly path: string; readonly change: string }[];
  readonly status: string;
}

/** A call of a tool, or anything else that the agent does. */
export interface ToolEntry extends EntryBase {
  readonly kind: 'tool';
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly status: string;
}

export interface TextEntry extends EntryBase {
  readonly kind: 'user' | 'answer' | 'reasoning';
  readonly text: string;
  /** Names of files that came along. */
  readonly files: readonly string[];
  readonly messageId: string | null;
  /** True for a message whose turn begins after the one that runs. */
  readonly waits?: boolean;
  /** False while more of it comes. */
  readonly isWhole: boolean;
}

/** A sentence about what was decided or happened. */
export interface NoteEntry extends EntryBase {
  readonly kind: 'note';
  readonly tone: 'plain' | 'good' | 'warning' | 'bad';
  readonly text: string;
}

export interface TurnEndEntry extends EntryBase {
  readonly kind: 'turn-end';
  readonly turnId: string;
  readonly status: 'completed' | 'interrupted' | 'failed';
  readonly error: string;
  /** Milliseconds of work. */
  readonly durationMs: number | null;
  /** Milliseconds in which it has waited for a person. */
  readonly waitedMs: number;
  /** False if it has done nothing that could change a file. */
  readonly mayHaveChanged: boolean;
}

/** Something in the transcript of a session. */
export type Entry = CommandEntry | EditEntry | NoteEntry | TextEntry | ToolEntry | TurnEndEntry;

type Item = Extract<SessionEvent, { readonly type: 'item.started' }>['item'];

/** Returns an item of the agent as the transcript shows it; undefined for one that it leaves out. */
export function entryOfItem(item: Item, turnId: string, isWhole: boolean): Entry | undefined {
  const base = { key: keyOfItem(turnId, item.id), turnId };
  const status = isWhole ? textOf(item.status) || 'completed' : 'inProgress';
  switch (item.type) {
    case 'userMessage':
    case 'hookPrompt':
      return undefined;
    case 'agentMessage':
    case 'plan':
      return { ...base, ...textEntry('answer', textOf(item.text)), isWhole };
    case 'reasoning':
      return { ...base, ...textEntry('reasoning', reasoningText(item)), isWhole };
    case 'commandExecution':
      return {
        ...base,
        kind: 'command',
        command: textOf(item.command),
        output: textOf(item.aggregatedOutput),
        leftOut: numberOf(item.left_out) ?? 0,
        status,
        exitCode: numberOf(item.exitCode),
        durationMs: numberOf(item.durationMs),
      };
    case 'fileChange':
      return { ...base, kind: 'edit', files: filesOf(item.changes), status };
    default:
      return { ...base, kind: 'tool', ...describeTool(item), status };
  }
}

export function keyOfItem(turnId: string, itemId: string): string {
  return `${turnId}/${itemId}`;
}

export function textEntry(kind: TextEntry['kind'], text: string): Omit<TextEntry, 'key' | 'turnId'> {
  return { kind, text, files: [], messageId: null, isWhole: true };
}

function reasoningText({ summary, content }: Item): string {
  const parts = [summary, content].find((list) => Array.isArray(list) && list.length > 0) ?? [];
  return (parts as readonly unknown[]).map(textOf).join('\n\n');
}

function filesOf(changes: unknown): EditEntry['files'] {
  if (!Array.isArray(changes)) return [];
  return (changes as readonly { readonly path?: unknown; readonly kind?: unknown }[]).map(
    ({ path, kind }) => {
      const { type, move_path: moved } = (kind ?? {}) as {
        readonly type?: unknown;
        readonly move_path?: unknown;
      };
      const to = textOf(moved);
      return { path: to === '' ? textOf(path) : `${textOf(path)} → ${to}`, change: textOf(type) };
    },
  );
}

const TOOL_NAMES: Readonly<Record<string, string>> = {
  webSearch: 'Web search',
  imageView: 'Looked at an image',
  imageGeneration: 'Made an image',
  enteredReviewMode: 'Review began',
  exitedReviewMode: 'Review',
  contextCompaction: 'The conversation was shortened',
  sleep: 'Waited',
};

function describeTool(item: Item): Pick<ToolEntry, 'input' | 'name' | 'output'> {
  const { type, arguments: args, query, path, error, result, contentItems, review } = item;
  const input = firstOf(args, query, path);
  const output = firstOf(error, result, contentItems, review);
  return {
    name: nameOfTool(item) || (TOOL_NAMES[type] ?? type),
    input: inWords(input),
    output: inWords(toolText(output)),
  };
}

function nameOfTool({ server, namespace, tool }: Item): string {
  return [firstOf(server, namespace), tool].map(textOf).filter(Boolean).join(' · ');
}

function firstOf(...values: readonly unknown[]): unknown {
  return values.find((value) => value !== undefined && value !== null) ?? '';
}

/** Returns the text in the result of a tool, if there is nothing else in it. */
function toolText(value: unknown): unknown {
  const { content, message } = (value ?? {}) as { readonly content?: unknown; readonly message?: unknown };
  if (typeof message === 'string') return message;
  const parts = Array.isArray(content) ? (content as readonly { readonly text?: unknown }[]) : [];
  const isText = parts.length > 0 && parts.every(({ text }) => typeof text === 'string');
  return isText ? parts.map(({ text }) => text).join('\n') : value;
}

function inWords(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '', undefined, 2);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

type Responded = Extract<SessionEvent, { readonly type: 'approval.responded' }>;

/** Returns the note about a decision. */
export function noteOfDecision(event: Responded, asked: Approval | undefined): NoteEntry {
  const { decision, by, reason = '', request_id: id, turn_id: turnId } = event;
  const what = asked === undefined ? 'a request' : nameOf(asked);
  const isAllowed = decision === 'allow' || decision === 'allow_session';
  const words = isAllowed ? 'Allowed' : 'Declined';
  const text = {
    client: `${words}: ${what}${decision === 'allow_session' ? ', also for the rest of the session' : ''}`,
    session: `Allowed as before: ${what}`,
    gateway: `The gateway declined ${what}.`,
    timeout: `Declined, as nobody answered in time: ${what}`,
    turn: `The turn ended before a decision: ${what}`,
  }[by];
  const tone = isAllowed ? 'good' : 'warning';
  return {
    key: `decision/${id}`,
    turnId,
    kind: 'note',
    tone,
    text: reason === '' ? text : `${text} ${reason}`,
  };
}

const KINDS: Readonly<Record<Approval['kind'], string>> = {
  edit: 'an edit',
  command: 'a command',
  question: 'a question',
  permission: 'further permissions',
  tool: 'a tool action',
};

function nameOf({ kind, command, description }: Approval): string {
  const subject = command ?? (kind === 'edit' ? description : '');
  return subject === '' ? KINDS[kind] : `${KINDS[kind]} (${subject})`;
}

/** Returns a command with the output that has come piece by piece; its item only has the end of it. */
export function withOutput(entry: Entry | undefined, known: Entry | undefined): Entry | undefined {
  if (entry?.kind !== 'command' || known?.kind !== 'command' || known.output === '') return entry;
  return { ...entry, output: known.output, leftOut: 0 };
}

/** Returns a message; that of the agent may be among the entries already, as one of its items. */
export function entryOfMessage(message: SessionMessage, entries: readonly Entry[]): TextEntry {
  const { id, role, text, turn_id: turnId, attachments = [] } = message;
  const kind = role === 'user' ? 'user' : 'answer';
  const isSame = (entry: Entry) => entry.kind === 'answer' && entry.messageId === null && entry.text === text;
  const own = kind === 'answer' ? entries.findLast(isSame) : undefined;
  const files = attachments.map(({ name }) => name);
  return { ...textEntry(kind, text), key: own?.key ?? `message/${id}`, turnId, messageId: id, files };
}

/** @param created Those of the files that the turns had made, and that are gone again. */
export function undoneText(files: readonly string[], created: readonly string[]): string {
  if (files.length === 0) return 'Undone. No file had to be put back.';
  const back = files.filter((file) => !created.includes(file));
  const parts = [
    back.length > 0 ? `Put back: ${back.join(', ')}` : '',
    created.length > 0 ? `Deleted again: ${created.join(', ')}` : '',
  ];
  return `Undone. ${parts.filter(Boolean).join('. ')}`;
}
