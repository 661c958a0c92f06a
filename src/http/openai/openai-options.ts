import type { ModelDirectory } from '../../gateway/models/model-directory.ts';
import type { ConnectResponsesOptions } from '../web-socket/connect-responses.ts';
import type { CallerState, StateOf } from './caller-state.ts';
import type { ResponsesOptions } from './responses/create-response.ts';

export interface OpenAiOptions
  extends
    Omit<ResponsesOptions, 'prepareResponse' | keyof CallerState>,
    Omit<ConnectResponsesOptions, 'prepareResponse' | 'gateway'> {
  readonly models: ModelDirectory;
  readonly stateOf: StateOf;
}

/** Options of the handlers of one caller. */
export interface CallerOptions extends OpenAiOptions, CallerState {}
