import type { Middleware, RequestState } from '../requests/context.ts';
import type { ResolvedPath, RouteGroup } from '../routing/route-group.ts';
import { createProbes, type ReadReadiness } from './probes.ts';

export interface OperationsOptions {
  /** Returns what the gateway runs on, without the account. */
  status(signal: AbortSignal): Promise<object>;
  /** Returns the account, its latest limits, and tokens by model. */
  usage(signal: AbortSignal): Promise<object>;
  readonly readiness: ReadReadiness;
  /** Returns the metrics of the moment, as Prometheus reads them. */
  metrics(): Promise<RenderedMetrics>;
  readonly encodeError: RequestState['encodeError'];
}

interface RenderedMetrics {
  readonly contentType: string;
  readonly text: string;
}

/** First segments of the paths that lie beside `/v1`. */
const ROOTS = ['healthz', 'metrics', 'readyz', 'status'];

/** Matches the usage under every prefix by which clients reach OpenAI's API. */
const USAGE = /^(?:\/+openai)?(?:\/+v1){0,2}\/+usage\/*$/i;

/** Creates the routes by which the gateway reports on itself. */
export function createOperations({
  status,
  usage,
  readiness,
  metrics,
  encodeError,
}: OperationsOptions): RouteGroup {
  return {
    name: 'operations',
    scope: 'openai',
    resolve: resolvePath,
    encodeError,
    routes: [
      ...createProbes(readiness),
      { method: 'get', path: '/status', handlers: [show(status)] },
      { method: 'get', path: '/metrics', scope: 'metrics', handlers: [showMetrics(metrics)] },
      { method: 'get', path: '/v1/usage', handlers: [show(usage)] },
    ],
  };
}

function resolvePath(path: string): ResolvedPath | undefined {
  if (USAGE.test(path)) return { path: '/v1/usage' };
  const parts = path.split('/').filter((part) => part !== '');
  return ROOTS.includes(parts[0]?.toLowerCase() ?? '') ? { path: `/${parts.join('/')}` } : undefined;
}

function show(read: (signal: AbortSignal) => Promise<object>): Middleware {
  return async (ctx) => {
    ctx.body = await read(ctx.state.signal);
  };
}

function showMetrics(render: OperationsOptions['metrics']): Middleware {
  return async (ctx) => {
    const { contentType, text } = await render();
    ctx.set('content-type', contentType);
    ctx.body = text;
  };
}
