import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/base/errors.ts';
import type { TurnEnd, TurnEvent } from '../../../src/conversation/turn-event.ts';
import { createCheck, verifyFormat, type Check } from '../../../src/gateway/answer/verify-format.ts';
import { passStage } from '../../support/script-turns.ts';

const FORMAT = { type: 'json-schema', schema: { type: 'object' }, path: 'text.format.schema' } as const;
const END: TurnEnd = { type: 'turn-end', reason: 'stop', isComplete: true, usage: null };
const CALL: TurnEvent = { type: 'tool-call', callId: 'c', name: 'f', arguments: '{}' };
const text = (value: string): TurnEvent => ({ type: 'text-delta', text: value });

const fails: Check = async () => 'it is not an object.';
const passes: Check = async () => undefined;

describe('an answer that the provider holds to a schema', () => {
  it('is passed on as it came when it follows the schema', async () => {
    const events = [text('{"a"'), text(':1}'), END];
    expect(await passStage(verifyFormat(FORMAT, passes), events)).toEqual(events);
  });

  it.each([
    ['does not follow the schema', '[]', fails, 'it is not an object.'],
    ['is not JSON', 'Sorry', passes, 'it is not valid JSON.'],
  ])('fails when it %s', async (_name, answer, check, problem) => {
    await expect(passStage(verifyFormat(FORMAT, check), [text(answer), END])).rejects.toMatchObject({
      code: 'invalid_answer',
      message: expect.stringContaining(problem),
      detail: { logMessage: expect.not.stringContaining(problem) },
    });
  });

  it.each<[string, readonly TurnEvent[]]>([
    ['was cut', [text('{'), { ...END, isComplete: false }]],
    ['was refused', [text('No.'), { ...END, reason: 'content-filter' }]],
    ['calls a tool', [text('I look.'), CALL, { ...END, reason: 'tool-calls' }]],
    ['calls a tool and says that it stopped', [text('I look.'), CALL, END]],
  ])('is not checked when it %s', async (_name, events) => {
    expect(await passStage(verifyFormat(FORMAT, fails), events)).toEqual(events);
  });
});

describe('a check', () => {
  async function check(error: Error) {
    const schemas = {
      async check() {
        throw error;
      },
    };
    return await createCheck(schemas, new AbortController().signal)({}, 1, 'x.y');
  }

  it('names the schema of the request in its errors', async () => {
    const error = new GatewayError('invalid_schema', 'Too deep.', { logMessage: 'deep' });
    await expect(check(error)).rejects.toMatchObject({
      code: 'invalid_schema',
      message: 'Too deep.',
      detail: { param: 'x.y', logMessage: 'deep' },
    });
  });

  it('passes other errors on', async () => {
    await expect(check(new Error('broken'))).rejects.toThrow('broken');
  });
});
