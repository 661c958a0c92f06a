import type { StepObservation } from '../recording/request-log.ts';

type Describe<Type extends StepObservation['type']> = (
  observation: Extract<StepObservation, { readonly type: Type }>,
) => string;

/** Returns a moment of a request in words. */
export function describeStep(observation: StepObservation): string {
  return (DESCRIPTIONS[observation.type] as (observation: StepObservation) => string)(observation);
}

const DESCRIPTIONS: { readonly [Type in StepObservation['type']]: Describe<Type> } = {
  'caller-known': ({ key }) => `The key ${key} was recognized`,
  'model-known': ({ model }) => `The model is ${model}`,
  'turn-queued': ({ running, waiting }) =>
    `All places were taken: ${running} turns running, ${waiting} waiting with this one`,
  'turn-admitted': ({ waitedMs }) =>
    waitedMs < 1 ? 'Codex began to work' : `Codex began to work, after ${waitedMs} ms in the queue`,
  'turn-run-again': () => 'Codex ended before the turn began, which runs again',
  'first-output': () => 'The first output came',
  'turn-end': ({ outcome, usage }) =>
    `${outcome === 'ok' ? 'The turn ended' : `The turn ended with the error ${outcome}`}${
      usage === undefined ? '' : `, ${usage.inputTokens} tokens in and ${usage.outputTokens} out`
    }`,
  'further-failure': ({ failure }) => `A further failure: ${failure.problem}`,
  'image-refused': ({ reason }) => `An image was not fetched: ${reason}`,
  'copilot-rate-limited': ({ waitMs, attempt }) =>
    `GitHub Copilot limits requests: attempt ${attempt} waits ${Math.round(waitMs / 1000)} s`,
  'copilot-body-changed': ({ removed }) => `Taken out of the request: ${removed.join(', ')}`,
};
