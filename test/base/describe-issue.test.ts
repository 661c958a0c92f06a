import { expect, it } from 'vitest';
import { describeIssue } from '../../src/base/describe-issue.ts';

it.each([
  ['Invalid input: expected string, received number', 'expected string, received number'],
  ['Invalid option: expected one of "a"|"b"', 'expected one of "a", "b"'],
  ['expected a model id', 'expected a model id'],
])('describes the issue "%s" in plain words', (message, problem) => {
  expect(describeIssue({ path: ['a'], message })).toEqual({ param: 'a', problem });
});

it('names the whole path of a value in a part of a document', () => {
  expect(describeIssue({ path: ['b', 2], message: 'x' }, ['messages', 1]).param).toBe('messages[1].b[2]');
});
