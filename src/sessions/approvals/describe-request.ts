import { relative } from 'node:path';
import { MAX_MESSAGE_CHARACTERS } from '../../base/excerpt.ts';
import { quoteForeign } from '../../base/harmless-text.ts';
import { isJsonObject } from '../../base/json.ts';
import type { AgentRequest } from '../../conversation/ports/agent.ts';
import type { Approval } from '../events/shapes.ts';
import { describeReach } from './describe-reach.ts';
import type { Judgement } from './judge-request.ts';
import { isGrantable } from './session-grants.ts';

const TITLES: Readonly<Record<AgentRequest['kind'], string>> = {
  edit: 'Allow workspace edit?',
  command: 'Allow command execution?',
  question: 'Codex has a question',
  permission: 'Allow further permissions?',
  tool: 'Allow tool action?',
};

/** Paths of an edit that its description names. */
const NAMED_PATHS = 5;

interface Description {
  readonly workspace: string;
  readonly timeoutMs: number;
  readonly judgement: Judgement;
}

/** Returns a request as clients see it. */
export function describeRequest(
  request: AgentRequest,
  { workspace, timeoutMs, judgement }: Description,
): Approval {
  const { id, kind, method, turnId, payload } = request;
  const now = Date.now();
  const command = kind === 'command' ? textOf(payload.command) : '';
  const isAsked = judgement.type === 'asked';
  const diff = isAsked ? judgement.diff : undefined;
  const isUnsandboxed = isAsked && judgement.isUnsandboxed;
  return {
    request_id: id,
    method,
    kind,
    title: TITLES[kind],
    description: isUnsandboxed ? describeLeaving(request) : summarize(request, workspace),
    preview: diff ?? (command === '' ? previewOf(request) : command),
    payload,
    turn_id: turnId,
    created_at: now,
    expires_at: now + timeoutMs,
    ...(diff !== undefined && { diff }),
    ...(command !== '' && { command }),
    ...marksOf(request, isUnsandboxed),
  };
}

function marksOf(request: AgentRequest, isUnsandboxed: boolean): Pick<Approval, 'once' | 'unsandboxed'> {
  const isOnce = request.kind !== 'question' && !isGrantable(request, isUnsandboxed);
  return { ...(isUnsandboxed && { unsandboxed: true }), ...(isOnce && { once: true }) };
}

/** Describes a request that leaves the sandbox: the agent's words come last and quoted, since a model writes them to be believed. */
function describeLeaving(request: AgentRequest): string {
  const words = wordsOf(request);
  const reach = describeReach(request);
  return words === '' ? reach : `${reach} The agent's reason: ${quoteForeign(words, MAX_MESSAGE_CHARACTERS)}`;
}

/** Returns the agent's own words, or the files that an edit touches. */
function summarize(request: AgentRequest, workspace: string): string {
  const { kind, changes } = request;
  const words = wordsOf(request);
  if (words !== '' || kind !== 'edit') return words;
  const paths = changes.map(({ path }) => relative(workspace, path));
  const further = paths.length - NAMED_PATHS;
  const names = paths.slice(0, NAMED_PATHS).join(', ');
  return further > 0 ? `${names} and ${further} more` : names;
}

function wordsOf({ payload }: AgentRequest): string {
  return textOf(payload.reason ?? payload.message);
}

function previewOf({ kind, payload }: AgentRequest): string {
  if (kind === 'permission') return JSON.stringify(payload.permissions ?? {}, undefined, 2);
  if (kind === 'tool') return toolPreview(payload);
  if (!Array.isArray(payload.questions)) return '';
  const questions = payload.questions as readonly { readonly question?: unknown }[];
  return questions.map(({ question }) => textOf(question)).join('\n');
}

/** Returns the arguments of a tool, or the words and the address that a tool shows. */
function toolPreview({ message, url, _meta: meta }: AgentRequest['payload']): string {
  const parameters = isJsonObject(meta) && isJsonObject(meta.tool_params) ? meta.tool_params : undefined;
  if (parameters !== undefined) return JSON.stringify(parameters, undefined, 2);
  return [textOf(message), textOf(url)].filter((part) => part !== '').join('\n');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
