import { expect, it } from 'vitest';
import { decodeError } from '../../console/api/api-error.ts';

it('an error is shown in the words of the gateway, whichever route it comes from', () => {
  const words = 'Files of this turn were changed by somebody else since.';
  expect(decodeError(409, { error: words }, 'r')).toMatchObject({
    status: 409,
    message: words,
    requestId: 'r',
  });
  const openai = { error: { message: 'Unknown model.', code: 'model_not_found' } };
  expect(decodeError(404, openai, '')).toMatchObject({ message: 'Unknown model.', code: 'model_not_found' });
  const fields = [{ pointer: '#/query', detail: 'is missing' }];
  expect(decodeError(400, { detail: 'It is wrong.', errors: fields }, '')).toMatchObject({
    message: 'It is wrong.',
    fields,
  });
  for (const nothing of [null, undefined, {}])
    expect(decodeError(502, nothing, '').message).toBe('The gateway answered 502.');
});
