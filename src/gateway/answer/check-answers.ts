import { GatewayError } from '../../base/errors.ts';

/**
 * Throws for a request that takes more answers than can run and wait at once: it could never be let in, however often it
 * came again. `param` names the field that asks for so many.
 */
export function checkAnswers(count: number, max: number, param: string): void {
  if (count <= max) return;
  throw new GatewayError(
    'invalid_value',
    `Invalid '${param}': the request takes ${count} answers at once, and at most ${max} fit here (the settings limits.running and limits.waiting together).`,
    { param },
  );
}
