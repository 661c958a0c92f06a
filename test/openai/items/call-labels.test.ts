import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCallLabels } from '../../../src/openai/items/call-labels.ts';
import { createCompatibility } from '../../../src/openai/request/compatibility.ts';
import { refusalOf } from '../../support/decode-response.ts';

const PLACE = ['input', 0, 'call_id'];

function create(...names: unknown[]) {
  const compatibility = createCompatibility(false);
  const labels = createCallLabels(() => names);
  return {
    compatibility,
    id: (given: string) => labels.id(given, PLACE, compatibility),
    name: (given: string) => labels.name(given, ['input', 0, 'name'], compatibility),
    groupedName: (given: string) => labels.groupedName(given, PLACE, compatibility),
  };
}

describe('the id of a call', () => {
  it.each(['a', 'call_0', 'functions.look:0', 'x'.repeat(64)])(
    'is unchanged when the provider accepts it: %s',
    (id) => {
      const { compatibility, ...labels } = create();
      expect(labels.id(id)).toBe(id);
      expect(compatibility.adjustments).toEqual([]);
    },
  );

  it('becomes the same acceptable id in every request when it is too long or empty', () => {
    for (const id of ['', 'x'.repeat(65), 'ü'.repeat(100), `functions.look:0${'.'.repeat(80)}`]) {
      expect(create().id(id)).toMatch(/^[\w-]{1,64}$/);
      expect(create().id(id)).toBe(create('look').id(id));
    }
  });

  it('stays distinct from an id that differs only after its first 64 characters', () => {
    const { id } = create();
    expect(id(`${'x'.repeat(64)}a`)).not.toBe(id(`${'x'.repeat(64)}b`));
  });

  it('is reported once as an adjustment, with the original shortened', () => {
    const { compatibility, id } = create();
    const long = 'x'.repeat(1000);
    const clean = id(long);
    id(long);
    expect(compatibility.adjustments).toEqual([
      { path: 'input[0].call_id', from: `${'x'.repeat(40)}…`, to: clean },
    ]);
  });
});

describe('the name of a tool', () => {
  it.each([
    ['mcp.server/tool', 'mcp_server_tool'],
    ['my tool', 'my_tool'],
    ['look', 'look'],
    ['exec_command', 'exec_command'],
  ])('"%s" is sent as "%s"', (given, clean) => {
    expect(create(given).name(given)).toBe(clean);
  });

  it('is changed to another one when it would collide with another tool of the conversation', () => {
    const { name } = create('my tool', 'my.tool', 'my_tool');
    const names = ['my tool', 'my.tool', 'my_tool'].map(name);
    expect(new Set(names).size).toBe(3);
    expect(names[2]).toBe('my_tool');
    expect(name('my tool')).toBe(names[0]);
  });

  it('is shortened when over 64 characters, unless its tool is in a group', () => {
    const long = 'x'.repeat(100);
    const { name, groupedName } = create(long);
    expect(name(long)).toMatch(/^x{47}_\w{16}$/);
    expect(groupedName(long)).toBe(long);
  });

  it('is refused with its field when it is empty', () => {
    expect(refusalOf(() => create().name(''))).toMatchObject({
      code: 'invalid_value',
      param: 'input[0].name',
    });
  });
});

it('distinct ids and names of calls stay distinct and acceptable to the provider', () => {
  const texts = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 80 }), { maxLength: 8 });
  fc.assert(
    fc.property(texts, (given) => {
      const labels = create(...given);
      const names = given.map(labels.name);
      for (const name of names) expect(name).toMatch(/^[\w-]{1,64}$/);
      const ids = given.map(labels.id);
      for (const id of ids) expect(id.length).toBeLessThanOrEqual(64);
      expect([new Set(names).size, new Set(ids).size]).toEqual([given.length, given.length]);
    }),
  );
});
