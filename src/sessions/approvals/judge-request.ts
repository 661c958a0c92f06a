import type { AgentRequest, AgentSandbox, Review } from '../../conversation/ports/agent.ts';
import { judgeChanges } from '../workspace/judge-changes.ts';
import { isWithin } from '../workspace/path-rules.ts';
import { isOwnQuestion } from './own-question.ts';
import { showChanges } from '../workspace/show-changes.ts';

/** The limits within which people decide about the requests of a session. */
export interface ApprovalRules {
  readonly workspace: string;
  readonly review: Review;
  readonly sandbox: AgentSandbox;
  /** Files and folders of the gateway, which no edit may touch. */
  readonly forbidden: readonly string[];
  /** Folders that no edit may touch if they lie in the workspace. */
  readonly readOnly: readonly string[];
  /** Lets people allow commands that leave the sandbox. */
  readonly allowsUnsandboxed: boolean;
}

/** The gateway's own view of a request. */
export type Judgement =
  | { readonly type: 'declined'; readonly reason: string }
  | {
      readonly type: 'asked';
      /** Unified diff of an edit. */
      readonly diff: string | undefined;
      readonly isUnsandboxed: boolean;
      /** Folders that have to exist before an edit is allowed, the outermost first. */
      readonly missingFolders: readonly string[];
    };

/**
 * Judges a request by what is on disk at this moment. An allowed edit is bound by no sandbox of Codex. Declines what cannot be
 * judged.
 */
export async function judgeRequest(request: AgentRequest, rules: ApprovalRules): Promise<Judgement> {
  try {
    return await judge(request, rules);
  } catch {
    return { type: 'declined', reason: 'The files that it concerns cannot be read.' };
  }
}

async function judge(request: AgentRequest, rules: ApprovalRules): Promise<Judgement> {
  if (request.kind === 'edit') return await judgeEdit(request, rules);
  if (request.kind === 'tool' && rules.review === 'none' && !isOwnQuestion(request))
    return { type: 'declined', reason: 'Nobody is asked in this session.' };
  const isUnsandboxed = leavesSandbox(request, rules);
  if (isUnsandboxed && !rules.allowsUnsandboxed) return { type: 'declined', reason: REASONS[request.kind] };
  return { type: 'asked', diff: undefined, isUnsandboxed, missingFolders: [] };
}

async function judgeEdit(
  { changes, payload }: AgentRequest,
  { workspace, sandbox, forbidden, readOnly }: ApprovalRules,
): Promise<Judgement> {
  if (sandbox === 'read-only') return { type: 'declined', reason: 'This session can only read.' };
  if (isPresent(payload.grantRoot)) return { type: 'declined', reason: 'It asks for more than one patch.' };
  const verdict = await judgeChanges(workspace, changes, [
    ...forbidden,
    ...readOnly.filter((place) => isWithin(workspace, place)),
  ]);
  if (!verdict.isAllowed) return { type: 'declined', reason: verdict.reason };
  const diff = await showChanges(workspace, changes);
  return { type: 'asked', diff, isUnsandboxed: false, missingFolders: verdict.missingFolders };
}

/** Returns true if what is allowed would run with more than the sandbox of the session. */
function leavesSandbox({ kind, isEscalated, payload }: AgentRequest, { review }: ApprovalRules): boolean {
  if (kind === 'permission') return true;
  if (kind !== 'command') return false;
  // Without a review of commands, Codex asks about a command only if it would leave the sandbox.
  if (review !== 'commands' || isEscalated) return true;
  return isPresent(payload.additionalPermissions) || isPresent(payload.networkApprovalContext);
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

const REASONS = {
  command:
    'The command would run outside the sandbox, and this gateway allows that to nobody. Use a command that works inside it, and in a script give tools.exec_command an object that is written in the call.',
  permission:
    'It would widen the sandbox, and this gateway allows that to nobody. Go on with the permissions that are there.',
  edit: '',
  question: '',
  tool: '',
} as const satisfies Record<AgentRequest['kind'], string>;
