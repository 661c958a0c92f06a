import { expect, it } from 'vitest';
import { describeIssue } from '../../src/base/describe-issue.ts';

it.each([
  ['Invalid input: expected string, received number', 'expected string, received number'],
  ['Invalid option: expected one of "a"|"b"', 'expected one of "a", "b"'],
  ['expected a model id', 'expected a model id'],
  ['Invalid input: expected record, received boolean', 'expected object, received boolean'],
  ['Invalid input: expected int, received number', 'expected integer, received number'],
  ['Invalid input: expected string, received undefined', 'missing; expected string'],
  ['Too small: expected string to have >=1 characters', 'expected a string that is not empty'],
  ['Too small: expected array to have >=1 items', 'expected at least one item'],
  ['Too small: expected array to have >=2 items', 'expected at least 2 items'],
  ['Too big: expected string to have <=16 characters', 'expected at most 16 characters'],
  ['Too small: expected number to be >=1', 'expected a number of at least 1'],
  ['Too small: expected number to be >0', 'expected a number above 0'],
  ['Too big: expected number to be <=65535', 'expected a number of at most 65535'],
])('describes the issue "%s" in plain words', (message, problem) => {
  expect(describeIssue({ path: ['a'], message })).toEqual({ param: 'a', problem });
});

it('names the whole path of a value in a part of a document', () => {
  expect(describeIssue({ path: ['b', 2], message: 'x' }, ['messages', 1]).param).toBe('messages[1].b[2]');
});
