import type { Overview } from '../../../src/console/contract/overview.ts';

/** Returns a sentence that says why no limits are shown. */
export function explainNoLimits({ has_answered: hasAnswered }: Pick<Overview, 'has_answered'>): string {
  return hasAnswered
    ? 'The answers of the provider name no limits.'
    : 'The provider has reported no limits yet. They are known after the first answer.';
}
