import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Span, type Tracer } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Observation, ObservationScope } from '../base/observation.ts';
import { outcomeOf, SWITCHED, type ObservedEnd } from '../base/outcome.ts';

export interface TelemetryOptions {
  /** URL of the collector, without `/v1/traces`. */
  readonly endpoint: string;
  readonly serviceName: string;
  readonly version: string;
  /** Id of the model provider. */
  readonly provider: string;
}

export interface Telemetry {
  listen(observation: Observation, scope: ObservationScope): void;
  /** Sends what is left, for a short time only: a collector that does not answer must not hold up the stop. */
  close(): Promise<void>;
}

const EXPORT_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 1_000;

/** Sends a span for each request and each turn, and the metrics of turns, to an OpenTelemetry collector. No content is in them. */
export function createTelemetry({ endpoint, serviceName, version, provider }: TelemetryOptions): Telemetry {
  const resource = resourceFromAttributes({ 'service.name': serviceName, 'service.version': version });
  const target = (signal: string) => ({
    url: `${endpoint.replace(/\/+$/, '')}/v1/${signal}`,
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const spanExporter = new OTLPTraceExporter(target('traces'));
  const tracers = new TracerProvider({
    resource,
    spanProcessors: [
      new BatchSpanProcessor({ exporter: spanExporter, exportTimeoutMillis: EXPORT_TIMEOUT_MS }),
    ],
  });
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(target('metrics')),
    exportTimeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const meters = new MeterProvider({ resource, readers: [reader] });
  const record = createTurnMetrics(meters, provider);
  const follow = createSpans(tracers.getTracer('codex-gateway', version), provider);
  return {
    listen(observation, scope) {
      follow(observation, scope);
      if (observation.type === 'turn-end') record(observation);
    },
    async close() {
      const closing = Promise.allSettled([tracers.shutdown(), meters.shutdown()]);
      const patience = Promise.withResolvers<void>();
      const timer = setTimeout(patience.resolve, CLOSE_TIMEOUT_MS);
      await Promise.race([closing, patience.promise]);
      clearTimeout(timer);
    },
  };
}

type TurnEndObservation = Extract<Observation, { type: 'turn-end' }>;

function attributesOf({ model, outcome }: TurnEndObservation, provider: string) {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': model,
    ...(outcome !== 'ok' && { 'error.type': outcome }),
  };
}

function createTurnMetrics(meters: MeterProvider, provider: string): (end: TurnEndObservation) => void {
  const meter = meters.getMeter('codex-gateway');
  const duration = meter.createHistogram('gen_ai.client.operation.duration', { unit: 's' });
  const tokens = meter.createHistogram('gen_ai.client.token.usage', { unit: '{token}' });
  return (end) => {
    const attributes = attributesOf(end, provider);
    duration.record(end.ms / 1000, attributes);
    if (end.usage === undefined) return;
    tokens.record(end.usage.inputTokens, { ...attributes, 'gen_ai.token.type': 'input' });
    tokens.record(end.usage.outputTokens, { ...attributes, 'gen_ai.token.type': 'output' });
  };
}

function createSpans(
  tracer: Tracer,
  provider: string,
): (observation: Observation, scope: ObservationScope) => void {
  const requests = new WeakMap<ObservationScope, Span>();

  function endRequest(end: ObservedEnd, scope: ObservationScope): void {
    const span = requests.get(scope);
    const isFollowed = end.type === 'request-end' ? end.status !== SWITCHED : end.request.background !== true;
    if (span === undefined || !isFollowed) return;
    const { method, route } = end.request;
    const outcome = outcomeOf(end);
    if (route !== undefined) span.updateName(`${method} ${route}`).setAttribute('http.route', route);
    if (end.type === 'request-end') span.setAttribute('http.response.status_code', end.status);
    if (outcome !== 'ok') {
      span.setAttribute('error.type', outcome).setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  }

  function addTurn(end: TurnEndObservation, scope: ObservationScope): void {
    const parent = requests.get(scope);
    const context = parent === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent);
    const { model, startedAt, ms, usage, outcome } = end;
    const attributes = {
      ...attributesOf(end, provider),
      ...(usage && {
        'gen_ai.usage.input_tokens': usage.inputTokens,
        'gen_ai.usage.output_tokens': usage.outputTokens,
      }),
    };
    const options = { kind: SpanKind.CLIENT, startTime: startedAt, attributes };
    const span = tracer.startSpan(`chat ${model}`, options, context);
    if (outcome !== 'ok') span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(startedAt + ms);
  }

  return (observation, scope) => {
    if (observation.type === 'request-begin') {
      const attributes = { 'http.request.method': observation.method };
      requests.set(
        scope,
        tracer.startSpan(observation.method, { kind: SpanKind.SERVER, attributes }, ROOT_CONTEXT),
      );
    } else if (observation.type === 'request-end' || observation.type === 'response-end') {
      endRequest(observation, scope);
    } else if (observation.type === 'turn-end') addTurn(observation, scope);
  };
}
