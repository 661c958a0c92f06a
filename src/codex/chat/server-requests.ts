import type { ServerRequest } from '../../../generated/ServerRequest.js';
import type { ApplyPatchApprovalResponse } from '../../../generated/ApplyPatchApprovalResponse.js';
import type { ExecCommandApprovalResponse } from '../../../generated/ExecCommandApprovalResponse.js';
import type { CommandExecutionRequestApprovalResponse } from '../../../generated/v2/CommandExecutionRequestApprovalResponse.js';
import type { DynamicToolCallResponse } from '../../../generated/v2/DynamicToolCallResponse.js';
import type { FileChangeRequestApprovalResponse } from '../../../generated/v2/FileChangeRequestApprovalResponse.js';
import type { McpServerElicitationRequestResponse } from '../../../generated/v2/McpServerElicitationRequestResponse.js';
import type { PermissionsRequestApprovalResponse } from '../../../generated/v2/PermissionsRequestApprovalResponse.js';
import type { ToolRequestUserInputResponse } from '../../../generated/v2/ToolRequestUserInputResponse.js';

/** `undefined` refuses by a JSON-RPC error, where the protocol has no refusing result. */
type Refusal = object | undefined;

/**
 * What the app-server may ask of its client, and the refusal each request gets. Nothing is ever granted: a turn can run
 * no command, change no file, ask no person and fetch no credential.
 */
const REFUSALS = {
  applyPatchApproval: { decision: 'abort' } satisfies ApplyPatchApprovalResponse,
  execCommandApproval: { decision: 'abort' } satisfies ExecCommandApprovalResponse,
  'item/commandExecution/requestApproval': {
    decision: 'cancel',
  } satisfies CommandExecutionRequestApprovalResponse,
  'item/fileChange/requestApproval': { decision: 'cancel' } satisfies FileChangeRequestApprovalResponse,
  'item/permissions/requestApproval': {
    permissions: {},
    scope: 'turn',
  } satisfies PermissionsRequestApprovalResponse,
  'item/tool/call': { contentItems: [], success: false } satisfies DynamicToolCallResponse,
  'item/tool/requestUserInput': { answers: {} } satisfies ToolRequestUserInputResponse,
  'mcpServer/elicitation/request': {
    action: 'cancel',
    content: null,
    _meta: null,
  } satisfies McpServerElicitationRequestResponse,
  'account/chatgptAuthTokens/refresh': undefined,
  'attestation/generate': undefined,
} as const satisfies Record<ServerRequest['method'], Refusal>;

/** The refusing result for a server request; undefined means that it is answered by an error. */
export function refusalOf(method: string): Refusal {
  return Object.hasOwn(REFUSALS, method) ? REFUSALS[method as keyof typeof REFUSALS] : undefined;
}
