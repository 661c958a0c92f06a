import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Observation } from '../base/observation.ts';
import type { MetricsSources, Noted } from './noted.ts';
import { processMetrics } from './process-metrics.ts';
import { outcomeOf, SWITCHED, type ObservedEnd } from '../base/outcome.ts';

/** The registry of one gateway, which counts observations. */
export interface Prometheus {
  count(noted: Noted): void;
  render(sources: MetricsSources): Promise<{ readonly contentType: string; readonly text: string }>;
}

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800];
const STORE_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];

export function createPrometheus(): Prometheus {
  const registry = new Registry();
  const { counters, histograms } = createCounters([registry]);
  const gauges = createGauges([registry]);
  let all: Registry | undefined;
  return {
    count: (noted) => countObservation(noted, { ...counters, ...histograms }),
    async render(sources) {
      all ??= Registry.merge([registry, processMetrics()]);
      await setGauges(gauges, sources);
      return { contentType: all.contentType, text: await all.metrics() };
    },
  };
}

type Registers = [Registry];

function createCounters(registers: Registers) {
  const counters = {
    requests: new Counter({
      name: 'codex_gateway_requests_total',
      help: 'Requests that have ended, by route, model, name of the token, and outcome: ok, client_gone, or the code of an error.',
      labelNames: ['route', 'model', 'key', 'outcome'] as const,
      registers,
    }),
    tokens: new Counter({
      name: 'codex_gateway_tokens_total',
      help: 'Tokens that the provider has counted; cached ones are part of input, and reasoning is part of output.',
      labelNames: ['kind', 'model', 'key'] as const,
      registers,
    }),
    restarts: new Counter({
      name: 'codex_gateway_child_restarts_total',
      help: 'Starts of a codex app-server, failed ones included, because another one has ended by itself or has grown too large.',
      registers,
    }),
  };
  const histograms = {
    firstToken: new Histogram({
      name: 'codex_gateway_first_token_seconds',
      help: 'Seconds from the arrival of a request to the first output of the model.',
      buckets: SECONDS,
      registers,
    }),
    request: new Histogram({
      name: 'codex_gateway_request_seconds',
      help: 'Seconds from the arrival of a request for a model to the end of its answer.',
      buckets: SECONDS,
      registers,
    }),
    store: new Histogram({
      name: 'codex_gateway_store_seconds',
      help: 'Seconds of a call to the database of stored responses.',
      buckets: STORE_SECONDS,
      registers,
    }),
  };
  return { counters, histograms };
}

type Counters = ReturnType<typeof createCounters>['counters'] &
  ReturnType<typeof createCounters>['histograms'];

/** Label of the route of responses in the background, whose request has ended long before. */
const BACKGROUND = 'background';

function countObservation({ observation, key, model }: Noted, metrics: Counters): void {
  switch (observation.type) {
    case 'request-end':
    case 'response-end':
      return countEnd(observation, key, model, metrics);
    case 'first-output':
      return metrics.firstToken.observe(observation.ms / 1000);
    case 'answer-usage':
      return countTokens(observation, key, metrics);
    case 'store-call':
      return metrics.store.observe(observation.ms / 1000);
    case 'app-server-end':
    case 'app-server-start-failed':
      return metrics.restarts.inc();
    case 'app-server-replaced':
      if (observation.reason === 'outgrown') metrics.restarts.inc();
      return;
    default:
  }
}

function countEnd(end: ObservedEnd, key: string, model: string, { requests, request }: Counters): void {
  if (end.type === 'request-end' && end.status === SWITCHED) return;
  const { route = '', background, ms } = end.request;
  const isBackground = end.type === 'response-end' && background === true;
  requests.inc({ route: isBackground ? BACKGROUND : route, model, key, outcome: outcomeOf(end) });
  if (model !== '') request.observe(ms / 1000);
}

function countTokens(
  { model, usage }: Extract<Observation, { type: 'answer-usage' }>,
  key: string,
  { tokens }: Counters,
): void {
  tokens.inc({ kind: 'input', model, key }, usage.inputTokens);
  tokens.inc({ kind: 'cached', model, key }, usage.cachedInputTokens);
  tokens.inc({ kind: 'output', model, key }, usage.outputTokens);
  tokens.inc({ kind: 'reasoning', model, key }, usage.reasoningTokens);
}

function createGauges(registers: Registers) {
  const gauge = <Label extends string = never>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
  ) => new Gauge<Label>({ name: `codex_gateway_${name}`, help, labelNames: [...labelNames], registers });
  return {
    running: gauge('turns_running', 'Turns that the model works on.'),
    waiting: gauge('turns_waiting', 'Turns that wait for a place.'),
    childMemory: gauge('child_memory_bytes', 'Resident memory of the codex app-servers.'),
    store: gauge('store_bytes', 'Size of the database of stored responses on the disk.'),
    limit: gauge('limit', 'The configured limits.', ['name']),
    accountUsed: gauge(
      'account_limit_used_percent',
      'Used part of a limit of the account, by the minutes of its window.',
      ['window_minutes'],
    ),
    accountReset: gauge(
      'account_limit_reset_timestamp_seconds',
      'Time at which a limit of the account is reset, by the minutes of its window.',
      ['window_minutes'],
    ),
  };
}

async function setGauges(gauges: ReturnType<typeof createGauges>, sources: MetricsSources): Promise<void> {
  const { running, waiting } = sources.turns();
  gauges.running.set(running);
  gauges.waiting.set(waiting);
  for (const [name, value] of Object.entries(sources.limits)) gauges.limit.set({ name }, value);
  gauges.accountUsed.reset();
  gauges.accountReset.reset();
  for (const { windowMinutes, usedPercent, resetsAt } of sources.accountLimits()) {
    const labels = { window_minutes: windowMinutes ?? '' };
    gauges.accountUsed.set(labels, usedPercent);
    if (resetsAt !== null) gauges.accountReset.set(labels, resetsAt);
  }
  const [memory, bytes] = await Promise.all([sources.childMemoryBytes(), sources.storeBytes()]);
  gauges.childMemory.set(memory);
  gauges.store.set(bytes);
}
