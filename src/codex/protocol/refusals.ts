import type { ServerRequest } from '../../../generated/ServerRequest.js';
import type { ApplyPatchApprovalResponse } from '../../../generated/ApplyPatchApprovalResponse.js';
import type { ExecCommandApprovalResponse } from '../../../generated/ExecCommandApprovalResponse.js';
import type { CommandExecutionRequestApprovalResponse } from '../../../generated/v2/CommandExecutionRequestApprovalResponse.js';
import type { DynamicToolCallResponse } from '../../../generated/v2/DynamicToolCallResponse.js';
import type { FileChangeRequestApprovalResponse } from '../../../generated/v2/FileChangeRequestApprovalResponse.js';
import type { McpServerElicitationRequestResponse } from '../../../generated/v2/McpServerElicitationRequestResponse.js';
import type { PermissionsRequestApprovalResponse } from '../../../generated/v2/PermissionsRequestApprovalResponse.js';
import type { ToolRequestUserInputResponse } from '../../../generated/v2/ToolRequestUserInputResponse.js';
import type { Observer } from '../../base/observation.ts';

/** The answer that refuses a request; undefined stands for a JSON-RPC error, where the protocol has no such result. */
type Refusal = object | undefined;

/** The refusal of each request that an app-server may send to its client. */
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

/** Logs a request of the app-server and returns the answer that refuses it. Nothing is granted by it, whatever the method. */
export function refuse(method: string, observer: Observer): Refusal {
  observer.observe({ type: 'server-request-refused', method });
  return refusalOf(method);
}

/** Returns the answer that refuses a request; undefined means that it is answered by a JSON-RPC error. */
export function refusalOf(method: string): Refusal {
  return Object.hasOwn(REFUSALS, method) ? REFUSALS[method as keyof typeof REFUSALS] : undefined;
}
