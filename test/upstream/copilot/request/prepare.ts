import {
  createRequestPreparer,
  type IncomingRequest,
  type PreparedRequest,
  type RequestOptions,
} from '../../../../src/upstream/copilot/request/prepare-request.ts';

export const REQUEST_OPTIONS: RequestOptions = {
  identity: 'editor',
  headers: {},
  forwardHeaders: [],
  editorVersion: 'vscode/1.109.2',
  chatVersion: '0.35.0',
  apiVersion: '2025-10-01',
  stripWebSearch: true,
  stripTurnMetadata: true,
  version: '1.2.3',
};

/** Prepares one request of a fresh adapter. */
export async function prepare(
  request: Partial<IncomingRequest>,
  options: Partial<RequestOptions> = {},
): Promise<PreparedRequest> {
  const prepareRequest = createRequestPreparer({ ...REQUEST_OPTIONS, ...options });
  return await prepareRequest({ headers: {}, body: Buffer.from('{}'), ...request });
}
