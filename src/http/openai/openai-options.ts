import type { Sealing } from '../../conversation/ports/sealing.ts';
import type { ModelDirectory } from '../../gateway/models/model-directory.ts';
import type { ConnectResponsesOptions } from '../web-socket/connect-responses.ts';
import type { ResponsesOptions } from './responses/create-response.ts';

export interface OpenAiOptions
  extends
    Omit<ResponsesOptions, 'prepareResponse'>,
    Omit<ConnectResponsesOptions, 'prepareResponse' | 'gateway'> {
  readonly models: ModelDirectory;
  readonly sealing: Sealing;
}
