import type { Observation } from '../../base/observation.ts';
import { isClientEnd, isError, outcomeOf, type ObservedEnd } from '../../base/outcome.ts';
import type { TrafficPoint } from '../contract/traffic.ts';
import { countDurations, type Durations } from './quantiles.ts';

/** Counts the requests of the last hour and the last day, in steps. */
export interface Traffic {
  listen(observation: Observation): void;
  /** Returns the steps that contain something, oldest first; with `since`, those that have changed after that time. */
  read(series: SeriesName, since?: number): TrafficPoint[];
}

export type SeriesName = 'hour' | 'day';

/** Milliseconds of a step, and the number of steps. */
export const SERIES = {
  hour: { stepMs: 60_000, steps: 60 },
  day: { stepMs: 300_000, steps: 288 },
} as const satisfies Record<SeriesName, { stepMs: number; steps: number }>;

/** Turns that run and wait. */
interface Turns {
  readonly running: number;
  readonly waiting: number;
}

interface Step {
  /** Steps from 1970 until this one. */
  readonly index: number;
  changedAt: number;
  requests: number;
  errors: number;
  inputTokens: number;
  outputTokens: number;
  running: number;
  waiting: number;
  /** Times until the first token; made with the first of them. */
  firstTokens: Durations | undefined;
}

/** @param now Unix milliseconds. */
export function createTraffic(now: () => number = Date.now): Traffic {
  const all = { hour: createSeries(SERIES.hour), day: createSeries(SERIES.day) };
  let turns: Turns = { running: 0, waiting: 0 };

  function change(apply: (step: Step) => void): void {
    const time = now();
    for (const series of [all.hour, all.day]) {
      series.keepTurns(time, turns);
      const step = series.stepAt(time);
      step.changedAt = time;
      apply(step);
    }
  }

  return {
    listen(observation) {
      switch (observation.type) {
        case 'request-end':
        case 'response-end':
          if (isClientEnd(observation)) change((step) => countEnd(step, observation));
          return;
        case 'first-output':
          change((step) => (step.firstTokens ??= countDurations()).add(observation.ms));
          return;
        case 'turns-changed':
          change((step) => countTurns(step, observation));
          turns = observation;
          return;
        default:
      }
    },
    read(name, since = 0) {
      const time = now();
      const series = all[name];
      series.keepTurns(time, turns);
      return series
        .recent(time)
        .filter(({ changedAt }) => changedAt >= since)
        .map((step) => describeStep(step, SERIES[name].stepMs));
    },
  };
}

function createSeries({ stepMs, steps }: (typeof SERIES)[SeriesName]) {
  const ring: (Step | undefined)[] = [];
  /** The latest step whose turns are known. */
  let latest = 0;

  /** Returns a step, which replaces the one that is now too old. */
  function stepOf(index: number): Step {
    const found = ring[index % steps];
    if (found?.index === index) return found;
    const made = makeStep(index);
    ring[index % steps] = made;
    return made;
  }

  return {
    stepAt: (time: number): Step => stepOf(Math.floor(time / stepMs)),
    /** Counts the turns that ran until this time in all steps that have begun meanwhile. */
    keepTurns(time: number, turns: Turns): void {
      const index = Math.floor(time / stepMs);
      const known = index < latest ? index - 1 : latest;
      const from = Math.max(known, index - steps) + 1;
      latest = index;
      if (turns.running + turns.waiting === 0) return;
      for (let begun = from; begun <= index; begun += 1) {
        const step = stepOf(begun);
        step.changedAt = time;
        countTurns(step, turns);
      }
    },
    /** Returns the steps that are not too old, oldest first. */
    recent(time: number): Step[] {
      const latest = Math.floor(time / stepMs);
      return ring
        .filter((step) => step !== undefined && step.index > latest - steps && step.index <= latest)
        .map((step) => step!)
        .toSorted((a, b) => a.index - b.index);
    },
  };
}

function makeStep(index: number): Step {
  const nothing = { requests: 0, errors: 0, inputTokens: 0, outputTokens: 0, running: 0, waiting: 0 };
  return { index, changedAt: 0, ...nothing, firstTokens: undefined };
}

function countTurns(step: Step, { running, waiting }: Turns): void {
  step.running = Math.max(step.running, running);
  step.waiting = Math.max(step.waiting, waiting);
}

function countEnd(step: Step, end: ObservedEnd): void {
  step.requests += 1;
  if (isError(outcomeOf(end))) step.errors += 1;
  const { usage } = end.request;
  if (usage === undefined) return;
  step.inputTokens += usage.inputTokens;
  step.outputTokens += usage.outputTokens;
}

function describeStep(step: Step, stepMs: number): TrafficPoint {
  const { firstTokens } = step;
  return {
    at: step.index * stepMs,
    requests: step.requests,
    errors: step.errors,
    input_tokens: step.inputTokens,
    output_tokens: step.outputTokens,
    running: step.running,
    waiting: step.waiting,
    first_token: firstTokens
      ? { p50_ms: firstTokens.quantile(0.5), p95_ms: firstTokens.quantile(0.95) }
      : null,
  };
}
