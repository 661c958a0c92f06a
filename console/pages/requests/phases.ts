import type { RequestDetail } from '../../../src/console/contract/requests.ts';

/** A part of the time that a request took. */
export interface Phase {
  readonly name: 'before' | 'thinking' | 'answering';
  readonly title: string;
  readonly ms: number;
}

type TimedRequest = Pick<RequestDetail, 'first_ms' | 'total_ms' | 'is_running'> & {
  readonly steps: readonly Pick<RequestDetail['steps'][number], 'kind' | 'ms'>[];
};

/** Returns the phases of a request that asked a model; none of any other, or while nothing is known of them. */
export function phasesOf({ steps, first_ms: firstMs, total_ms: totalMs }: TimedRequest): Phase[] {
  if (totalMs === null) return [];
  const begunMs = steps.find(({ kind }) => kind === 'turn-admitted')?.ms;
  if (begunMs === undefined && firstMs === null) return [];
  const begun = Math.min(begunMs ?? 0, totalMs);
  const first = Math.min(Math.max(firstMs ?? totalMs, begun), totalMs);
  const phases: Phase[] = [
    { name: 'before', title: 'Before the turn', ms: begun },
    {
      name: 'thinking',
      title: firstMs === null ? 'Without an answer' : 'Until the first token',
      ms: first - begun,
    },
    { name: 'answering', title: 'Answer', ms: totalMs - first },
  ];
  return phases.filter(({ ms }) => ms > 0);
}
