import { SILENT } from '../../src/app/log/observer.ts';
import type { Engine } from '../../src/conversation/ports/engine.ts';
import type { TurnRequest } from '../../src/conversation/turn-request.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway/gateway.ts';
import { createModelRouting } from '../../src/gateway/models/model-routing.ts';
import { createModel } from './model.ts';

/** A request that asks for nothing special. */
export const PLAIN_REQUEST: TurnRequest = {
  turn: { model: 'm', items: [] },
  n: 1,
  callRequired: undefined,
  format: { type: 'text' },
  stop: [],
  maxTokens: undefined,
};

/** Creates a gateway before an engine whose one model is `m`, and whose turns are scripted. */
export function createScriptedGateway(
  runTurn: Engine['runTurn'],
  further: Partial<GatewayOptions> = {},
): Gateway {
  const engine: Engine = {
    requireLogin: async () => {},
    limits: () => [],
    models: async () => [createModel('m')],
    runTurn,
  };
  const routing = { presets: [], defaults: {}, reasoningSummary: false, only: undefined };
  return createGateway({
    engine,
    routing: createModelRouting(engine, routing),
    images: { load: async (items) => items },
    schemas: { check: async () => undefined },
    tokenizer: { count: async () => 1, head: async (text) => ({ text: text.slice(0, 3), tokens: 1 }) },
    deadlines: { start: 60, firstByte: 60, turn: 60 },
    limits: { running: 4, waiting: 4, perToken: 9 },
    observer: SILENT,
    ...further,
  });
}
