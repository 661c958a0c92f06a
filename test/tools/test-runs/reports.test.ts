import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Steps } from '../../../src/base/async/steps.ts';
import { readJunit } from '../../../src/tools/test-runs/reports/read-junit.ts';
import { createTapReader } from '../../../src/tools/test-runs/reports/read-tap.ts';
import { readVitest } from '../../../src/tools/test-runs/reports/read-vitest.ts';
import { collectReport } from '../../../src/tools/test-runs/report-collector.ts';
import { stripCodes } from '../../../src/tools/test-runs/reports/strip-codes.ts';
import { anyText } from '../../support/any-text.ts';
import { runCount } from '../../support/run-count.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Takes all steps at once. */
function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function readTap(text: string, isPartial = false) {
  const reader = createTapReader();
  for (const line of text.split('\n')) reader.push(line);
  reader.end(isPartial);
  const { total, passed, failed, failures } = reader.results;
  return { total, passed, failed, failures };
}

describe('a report in TAP', () => {
  it('counts tests, and shows the names and messages of those that failed', () => {
    const report = `TAP version 14
1..6
ok 1 - adds
not ok 2 - subtracts
  ---
  message: expected 1
  at: a.ts:3
  ...
ok 3 - later # SKIP no network
not ok 4 - some day # TODO
ok - without a number
not ok
# a comment
`;
    expect(readTap(report)).toEqual({
      total: 6,
      passed: 2,
      failed: 2,
      failures: [
        { name: 'subtracts', message: 'message: expected 1\nat: a.ts:3' },
        { name: 'unnamed test', message: '' },
      ],
    });
  });

  it('counts failures of every depth, however many there are, and keeps only the beginnings of their names', () => {
    const depths = Array.from({ length: 49 }, (_, depth) => ' '.repeat(4 * (depth + 1)));
    const deeper = depths.flatMap((indent) => Array(3_000).fill(`${indent}not ok 1 - ${'x'.repeat(600)}`));
    const { failures, ...counts } = readTap([...deeper, 'not ok 1 - all', '1..1'].join('\n'));
    expect(counts).toEqual({ total: 147_000, passed: 0, failed: 147_000 });
    expect(failures).toHaveLength(1_000);
    expect(Math.max(...failures.map(({ name }) => name.length))).toBeLessThan(600);
  });

  it('counts the tests below others, and a parent only if it fails for a reason of its own', () => {
    const report = `TAP version 13
# Subtest: math
    # Subtest: adds
    ok 1 - adds
    # Subtest: deeper
        not ok 1 - fails
          ---
          error: 'no'
          ...
        1..1
    not ok 2 - deeper
    1..2
not ok 1 - math
    ok 1 - fine
    1..1
not ok 2 - its hook fails
    ok 1 - fine
    1..1
ok 3 - good
1..3
`;
    expect(readTap(report)).toEqual({
      total: 5,
      passed: 3,
      failed: 2,
      failures: [
        { name: 'math > deeper > fails', message: "error: 'no'" },
        { name: 'its hook fails', message: '' },
      ],
    });
  });

  it('that bails out, or has fewer tests than planned, has failed', () => {
    expect(readTap('1..3\nok 1\nBail out! no database\nok 2\n')).toMatchObject({
      total: 2,
      failed: 1,
      failures: [{ name: 'Bail out!', message: 'no database' }],
    });
    expect(readTap('1..3\nok 1\n')).toMatchObject({
      failed: 1,
      failures: [{ message: '3 tests were planned, and 1 have run.' }],
    });
    expect(readTap('1..3\nok 1\n', true)).toMatchObject({ total: 1, failed: 0 });
    expect(readTap('1..0 # SKIP nothing to do\n')).toMatchObject({ total: 0, failed: 0 });
    expect(() => readTap('hello\n')).toThrow('is not TAP');
  });

  it('with escaped signs in a name shows the name', () => {
    expect(readTap('not ok 1 - issue \\#7 \\\\ \\# SKIP\n').failures).toEqual([
      { name: 'issue #7 \\ # SKIP', message: '' },
    ]);
  });
});

describe('a report of JUnit', () => {
  const read = (text: string, isPartial = false) => {
    const { total, passed, failed, failures } = finish(readJunit(text, isPartial));
    return { total, passed, failed, failures };
  };

  it('counts tests, and shows the names and messages of those that failed', () => {
    const report = `some output before
<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<testsuites tests="5"><testsuite name="a &amp; b">
  <properties><property name="testcase" value="x"/></properties>
  <testcase name="adds" classname="math"/>
  <testcase name="subtracts" classname="math"><failure message="1 &lt; 2 &#x41;&#66;" type="AssertionError">at <![CDATA[<a.ts:3>]]></failure></testcase>
  <testcase name='throws'><error type="TypeError"/><system-out>noise</system-out></testcase>
  <testcase name="later"><skipped/></testcase>
  <testcase name="math > adds" classname="math"></testcase>
</testsuite></testsuites>
some output after`;
    expect(read(report)).toEqual({
      total: 5,
      passed: 2,
      failed: 2,
      failures: [
        { name: 'math > subtracts', message: '1 < 2 AB\nat <a.ts:3>' },
        { name: 'throws', message: 'TypeError' },
      ],
    });
  });

  it('with a document type is refused, so that no entity can grow or name a file', () => {
    const bomb =
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><testsuite><testcase name="&b;"/></testsuite>';
    expect(() => read(bomb)).toThrow('has a document type');
    expect(() => read(bomb.replace(/^<.*?>/, ''))).toThrow('has a document type');
    const page = '<!DOCTYPE html><p>printed</p>\n';
    expect(read(`${page}<testsuite><testcase name="a"/></testsuite>`).passed).toBe(1);
    expect(read('<testsuite><testcase name="&b;"><failure/></testcase></testsuite>').failures[0]!.name).toBe(
      '&b;',
    );
  });

  it.each([
    ['', 'is empty'],
    ['no XML', 'is not one of JUnit'],
    ['<testsuite><testcase name="a"/>', 'is not complete'],
    ['<testsuite><testcase name="a"></testsuite></testcase>', 'is not XML'],
    ['<testsuite><testcase name=a/></testsuite>', 'is not XML'],
    ['<?xml version="1.0"?><html></html>', 'is not one of JUnit'],
  ])('%j is refused', (report, problem) => {
    expect(() => read(report)).toThrow(problem);
  });

  it('of a command that was ended counts as far as it goes', () => {
    expect(read('<testsuite><testcase name="a"/><testcase name="b">', true)).toMatchObject({
      total: 1,
      passed: 1,
    });
  });
});

describe('a report of vitest', () => {
  const test = (status: string, fullName: string, failureMessages: string[] = []) => ({
    status,
    fullName,
    failureMessages,
  });
  const file = (name: string, status: string, assertionResults: object[], message = '') => ({
    name,
    status,
    message,
    assertionResults,
  });

  it('counts tests, and files that cannot be loaded, by their paths below the folder', () => {
    const report = JSON.stringify({
      numTotalTests: 4,
      testResults: [
        file('/project/a.test.ts', 'failed', [
          test('passed', 'adds'),
          test('failed', 'subtracts', ['\u001B[31mexpected 1\u001B[39m', 'again']),
          test('skipped', 'later'),
          test('todo', 'some day'),
        ]),
        file('/project/test/b.test.ts', 'failed', [], 'no such module'),
      ],
    });
    const { total, passed, failed, failures } = finish(
      readVitest(`log {x}\n${report}\nbye }`.replace('bye }', 'bye'), '/project'),
    );
    expect({ total, passed, failed, failures }).toEqual({
      total: 5,
      passed: 1,
      failed: 2,
      failures: [
        { name: 'subtracts', message: 'expected 1\nagain' },
        { name: 'test/b.test.ts', message: 'no such module' },
      ],
    });
  });

  it.each([
    ['', 'is empty'],
    ['{"a":', 'is not JSON'],
    ['{"a":1}', 'is not one of vitest'],
  ])('%j is refused', (report, problem) => {
    expect(() => finish(readVitest(report, '/project'))).toThrow(problem);
  });
});

it('any text is read or refused as a report', () => {
  const word = fc.constantFrom(
    'ok 1',
    'not ok 2 - a',
    '\n',
    '    ',
    '# SKIP',
    '1..2',
    '  ---',
    '  ...',
    '<testsuite',
    '<testcase name="a"',
    '>',
    '/>',
    '</testcase>',
    '<![CDATA[',
    ']]>',
    '<!--',
    '&amp;',
    '&#99999999;',
    '"',
    '<failure ',
    '{"num',
    '}',
    'Bail out!',
  );
  const text = fc.array(fc.oneof(word, anyText({ maxLength: 3 }))).map((words) => words.join(''));
  const sum = (read: () => { total: number; passed: number; failed: number }) => {
    try {
      const { total, passed, failed } = read();
      expect(total).toBeGreaterThanOrEqual(passed + failed);
    } catch (error) {
      expect((error as Error).name).toBe('UnreadableReportError');
    }
  };
  fc.assert(
    fc.property(text, fc.boolean(), (report, isPartial) => {
      sum(() => readTap(report, isPartial));
      sum(() => finish(readJunit(`<testsuite>${report}`, isPartial)));
      sum(() => finish(readVitest(report, '/project')));
    }),
    runCount(200),
  );
});

it('a report of megabytes that is hard to read takes time that grows with its length', () => {
  for (const unit of ['<', '<testcase ', '<a a="', ' a=""', '&', '<![CDATA[', '<!-- ', '{"num']) {
    try {
      finish(readJunit(`<testsuite>${unit.repeat(200_000)}>`, true));
      finish(readVitest(unit.repeat(200_000), '/project'));
    } catch (error) {
      expect((error as Error).name).toBe('UnreadableReportError');
    }
  }
  for (const unit of ['ok ', 'ok 1 - # ', 'not ok\n', '    not ok\n', '        ok\nok\n']) {
    expect(readTap(unit.repeat(100_000)).total).toBeGreaterThan(0);
  }
}, 30_000);

it('codes for a terminal are taken out, in a time that grows with the length of a text', () => {
  const text = '\u001B[1;31mred\u001B[39m \u001B]8;;https://a\u0007link\u001B]8;;\u001B\\ \u009B2Kline';
  expect(stripCodes(text)).toBe('red link line');
  for (const unit of ['\u001B]a;', '\u001B', '\u001B[', '\u001B[1;', '\u009B', '\u001B ', '\u001B];;', '0']) {
    expect(stripCodes(`\u001B]${unit.repeat(300_000)}`).length).toBeLessThan(2_000_000);
  }
});

it('a report of many parts leaves time for other work while it is read', async () => {
  const folder = temporaryFolder();
  const test = '{"status":"failed","failureMessages":["no"]}';
  const reports = [
    ['junit', `<testsuite>${'<testcase/>'.repeat(200_000)}</testsuite>`],
    ['vitest', `{"testResults":[{"assertionResults":[${`${test},`.repeat(100_000)}${test}]}]}`],
    ['tap', 'ok\n'.repeat(300_000)],
  ] as const;
  for (const [report, text] of reports) {
    const collector = await collectReport({ command: ['x'], cwd: folder, report, reportFile: report });
    writeFileSync(join(folder, report), text);
    let turns = 0;
    const count = setInterval(() => (turns += 1), 0);
    const { total } = await collector.read(false);
    clearInterval(count);
    expect(total).toBeGreaterThan(100_000);
    expect(turns).toBeGreaterThan(5);
  }
});
