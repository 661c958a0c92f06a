import type { JsonValue } from '../../../generated/serde_json/JsonValue.js';
import type { CollaborationMode } from '../../../generated/CollaborationMode.js';
import type {
  AgentInput,
  AgentProvider,
  AgentTurnOptions,
  Review,
  ThreadOptions,
} from '../../conversation/ports/agent.ts';

/**
 * Returns the parameters of a thread that may write nothing: what a turn may write goes along with the turn. A thread that may
 * write makes Codex trust the folder for good, in the user's own configuration.
 */
export function threadParams({ workspace, model, provider }: ThreadOptions) {
  return {
    cwd: workspace,
    sandbox: 'read-only' as const,
    approvalPolicy: 'on-request' as const,
    ...(model !== undefined && { model }),
    config: { 'tools.update_plan.enabled': true, ...(provider && providerConfig(provider)) },
  };
}

function providerConfig({ id, baseUrl, key }: AgentProvider): Record<string, JsonValue> {
  if (baseUrl === undefined) return { model_provider: id };
  // Codex reserves the ids of its own providers.
  const own = `gateway-${id}`;
  return {
    model_provider: own,
    [`model_providers.${own}`]: {
      name: id,
      base_url: baseUrl,
      wire_api: 'responses',
      requires_openai_auth: false,
      ...(key !== undefined && { experimental_bearer_token: key }),
    },
  };
}

/** Approval policy and sandbox of each kind of review, as seen to work in docs/internals/app-server.md. */
const POLICIES = {
  edits: { approvalPolicy: 'on-request', mayWrite: false },
  commands: { approvalPolicy: 'untrusted', mayWrite: true },
  none: { approvalPolicy: 'never', mayWrite: true },
} as const satisfies Record<Review, object>;

export function turnParams({ input, review, sandbox }: AgentTurnOptions) {
  const { approvalPolicy, mayWrite } = POLICIES[review];
  const sandboxPolicy =
    mayWrite && sandbox === 'workspace-write'
      ? {
          type: 'workspaceWrite' as const,
          writableRoots: [],
          networkAccess: false,
          excludeTmpdirEnvVar: true,
          excludeSlashTmp: true,
        }
      : { type: 'readOnly' as const, networkAccess: false };
  return { input: encodeInput(input), approvalPolicy, sandboxPolicy };
}

/** Returns the mode of a turn. It stays for later turns, so that it is said again after a turn that makes a plan. */
export function collaborationMode(mode: CollaborationMode['mode'], model: string): CollaborationMode {
  return { mode, settings: { model, reasoning_effort: null, developer_instructions: null } };
}

export function encodeInput(input: readonly AgentInput[]) {
  return input.map((part) =>
    part.type === 'text'
      ? { type: 'text' as const, text: part.text, text_elements: [] }
      : { type: 'localImage' as const, path: part.path },
  );
}
