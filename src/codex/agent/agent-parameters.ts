import type { JsonValue } from '../../../generated/serde_json/JsonValue.js';
import type { CollaborationMode } from '../../../generated/CollaborationMode.js';
import type {
  AgentInput,
  AgentProvider,
  AgentTools,
  AgentTurnOptions,
  Review,
  ThreadOptions,
} from '../../conversation/ports/agent.ts';
import { permissionProfiles, READ, WRITE, type ProfileLimits } from './permission-profiles.ts';
import { ANSWER_SECONDS } from './server-startups.ts';

export interface AgentLimits extends ProfileLimits {
  /** True if a command may ask for more than its sandbox. */
  readonly mayEscalate: boolean;
}

/**
 * Returns the parameters of a thread that may write nothing: what a turn may write goes along with the turn. A thread that may
 * write makes Codex trust the folder for good, in the user's own configuration.
 */
export async function threadParams(
  { workspace, model, provider, tools }: ThreadOptions,
  limits: AgentLimits,
) {
  return {
    cwd: workspace,
    permissions: READ,
    approvalPolicy: 'on-request' as const,
    ...(model !== undefined && { model }),
    config: {
      ...FEATURES,
      // One that is unloaded keeps no memory.
      thread_unload_delay_secs: 0,
      'features.exec_permission_approvals': limits.mayEscalate,
      ...(await permissionProfiles(workspace, limits)),
      ...(provider && providerConfig(provider)),
      ...(tools && toolConfig(tools)),
    },
  };
}

/** Further agents and goals would start turns that no session knows of. */
const FEATURES = {
  'tools.update_plan.enabled': true,
  'features.default_mode_request_user_input': true,
  'features.multi_agent': false,
  'agents.enabled': false,
  'features.goals': false,
};

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

/** Longer than any tool takes: a call ends with its turn at the latest. */
const TOOL_SECONDS = 4_000;

function toolConfig({ name, url, key, asked }: AgentTools): Record<string, JsonValue> {
  const modes = asked.map((tool) => [tool, { approval_mode: 'prompt' }] as const);
  return {
    [`mcp_servers.${name}`]: {
      url,
      http_headers: { Authorization: `Bearer ${key}` },
      startup_timeout_sec: ANSWER_SECONDS,
      tool_timeout_sec: TOOL_SECONDS,
      default_tools_approval_mode: 'approve',
      tools: Object.fromEntries(modes),
    },
  };
}

/** Approval policy and sandbox of each kind of review, see docs/internals/app-server.md. */
const POLICIES = {
  edits: { approvalPolicy: 'on-request', mayWrite: false },
  commands: { approvalPolicy: 'untrusted', mayWrite: true },
  none: { approvalPolicy: 'never', mayWrite: true },
} as const satisfies Record<Review, object>;

/** Rights of a turn that changes nothing, and asks for nothing. */
export const READ_ONLY = { approvalPolicy: 'never', permissions: READ } as const;

/** Asks for nothing, as `never` does, but lets a tool ask a person itself. */
const TOOLS_ASK = {
  granular: {
    sandbox_approval: false,
    rules: false,
    skill_approval: false,
    request_permissions: false,
    mcp_elicitations: true,
  },
} as const;

/** @param hasTools True for a thread with tools of the gateway. */
export function turnParams({ input, review, sandbox, isPlan = false }: AgentTurnOptions, hasTools = false) {
  if (isPlan) return { input: encodeInput(input), ...READ_ONLY };
  const { approvalPolicy: usual, mayWrite } = POLICIES[review];
  const approvalPolicy = usual === 'never' && hasTools ? TOOLS_ASK : usual;
  const permissions = mayWrite && sandbox === 'workspace-write' ? WRITE : READ;
  return { input: encodeInput(input), approvalPolicy, permissions };
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
