import type { Observation, ObservationScope } from '../base/observation.ts';
import { createRecentRequests, type HourFigures } from './recent-requests.ts';
import type { Prometheus } from './prometheus.ts';
import type { MetricsSources, Noted } from './noted.ts';

export interface Metrics {
  listen(observation: Observation, scope: ObservationScope): void;
  /** Lets another listener hear what is observed from now on. */
  passOn(listener: Metrics['listen']): void;
  /** Returns all metrics in the format of Prometheus. */
  render(sources: MetricsSources): Promise<{ readonly contentType: string; readonly text: string }>;
  /** Loads the code that counts, which a start does not wait for. */
  load(): Promise<void>;
  lastHour(): HourFigures;
}

/** Observations that are held until the code that counts them is loaded; more of them are lost. */
const MAX_HELD = 10_000;

/** Creates the metrics of one gateway, which counts what is observed from then on. */
export function createMetrics(): Metrics {
  const requests = new WeakMap<ObservationScope, { key: string; model: string }>();
  const recent = createRecentRequests();
  let held: Noted[] = [];
  let loading: Promise<Prometheus> | undefined;
  let prometheus: Prometheus | undefined;
  let further: Metrics['listen'] | undefined;

  function factsOf(scope: ObservationScope): { key: string; model: string } {
    const known = requests.get(scope);
    if (known !== undefined) return known;
    const facts = { key: '', model: '' };
    requests.set(scope, facts);
    return facts;
  }

  async function loadPrometheus(): Promise<Prometheus> {
    const { createPrometheus } = await import('./prometheus.ts');
    prometheus = createPrometheus();
    for (const noted of held) prometheus.count(noted);
    held = [];
    return prometheus;
  }

  return {
    listen(observation, scope) {
      further?.(observation, scope);
      const facts = factsOf(scope);
      if (observation.type === 'caller-known') facts.key = observation.key;
      if (observation.type === 'model-known') facts.model = observation.model;
      if (observation.type === 'request-end' || observation.type === 'response-end') {
        facts.model = observation.request.model ?? facts.model;
        recent.count(observation);
      }
      const noted = { observation, ...facts };
      if (prometheus) prometheus.count(noted);
      else if (held.length < MAX_HELD) held.push(noted);
    },
    passOn(listener) {
      further = listener;
    },
    async render(sources) {
      return await (await (loading ??= loadPrometheus())).render(sources);
    },
    async load() {
      await (loading ??= loadPrometheus());
    },
    lastHour: recent.read,
  };
}
