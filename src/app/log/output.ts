import { setTimeout as sleep } from 'node:timers/promises';
import { createDescriptor, type Descriptor } from './descriptor.ts';

/**
 * Writes text to a file descriptor. Writing never throws and never blocks the caller: text that cannot be written is
 * dropped and counted.
 */
export interface Output {
  write(text: string): void;
  /**
   * Waits until everything is written or dropped, for at most `patienceMs`; then the rest is dropped. Resolves to
   * false if a write is still stuck in the operating system, which keeps the process from ending by itself.
   */
  settle(patienceMs?: number): Promise<boolean>;
  /** Returns the reason of the last loss; undefined if nothing was lost since the last call. */
  takeProblem(): string | undefined;
  /** Sets the text that precedes the next write after a loss. */
  reportLoss(describe: DescribeLoss): void;
  /** Writes everything from now on to another place. */
  moveTo(descriptor: Descriptor): void;
}

type DescribeLoss = (lines: number, problem: string) => string;

/** Milliseconds until the next try for a slow reader. */
const RETRY_MS = 20;

/** Maximum characters of one write. */
const MAX_WRITE_CHARACTERS = 64 * 1024;

/** Maximum characters that wait for a slow reader of standard error, to which the log is written. */
const MAX_WAITING_CHARACTERS = 1024 * 1024;

/** Milliseconds after which a pending write counts as stuck. */
const STUCK_AFTER_MS = 500;

const TOO_SLOW = 'reader too slow';

/** Standard output is never dropped, however long its reader takes. */
export const standardOutput = createOutput(1, Infinity);
export const standardError = createOutput(2, MAX_WAITING_CHARACTERS);

/** @param capacity Characters that may wait to be written. */
export function createOutput(fd: number, capacity: number): Output {
  let descriptor = createDescriptor(fd);
  const waiting = createWaiting();
  const loss = createLoss();
  let lineIsBroken = false;
  let draining: Promise<void> | undefined;
  let isGivenUp = false;

  async function drain(): Promise<void> {
    while (waiting.size > 0) await put(waiting.take());
    draining = undefined;
  }

  async function put(text: string): Promise<void> {
    const { lines, report } = loss.look();
    // The rest of a line cut off by a failed write must not run into the next one.
    const notice = Buffer.from(`${lineIsBroken ? '\n' : ''}${report}`);
    const bytes = Buffer.concat([notice, Buffer.from(text)]);
    const { written, problem } = await writeAll(descriptor, bytes, () => isGivenUp);
    if (problem === undefined) lineIsBroken = false;
    else if (written > 0) lineIsBroken = bytes[written - 1] !== NEW_LINE;
    if (written >= notice.length) loss.subtract(lines);
    if (problem !== undefined) loss.add(bytes.subarray(Math.max(written, notice.length)), problem);
  }

  async function giveUp(): Promise<void> {
    isGivenUp = true;
    while (waiting.size > 0) loss.add(waiting.take(), TOO_SLOW);
    await within(STUCK_AFTER_MS, draining);
  }

  return {
    write(text) {
      if (waiting.size + text.length > capacity) {
        loss.add(text, TOO_SLOW);
        return;
      }
      waiting.add(text);
      draining ??= drain();
    },
    async settle(patienceMs) {
      if (patienceMs === undefined) await draining;
      else if (draining !== undefined) {
        await within(patienceMs, draining);
        if (draining !== undefined) await giveUp();
      }
      return draining === undefined;
    },
    takeProblem: loss.takeProblem,
    reportLoss: loss.report,
    moveTo(other) {
      descriptor = other;
    },
  };
}

/** Writes all bytes, or as many as possible until a failure; waits for a slow reader unless it is given up. */
async function writeAll(
  descriptor: Descriptor,
  bytes: Buffer,
  isGivenUp: () => boolean,
): Promise<{ written: number; problem?: string }> {
  let written = 0;
  while (written < bytes.length) {
    const outcome = await descriptor.write(bytes.subarray(written));
    if (typeof outcome === 'number') written += outcome;
    else if (outcome !== 'EAGAIN') return { written, problem: outcome };
    else if (isGivenUp()) return { written, problem: TOO_SLOW };
    else await sleep(RETRY_MS);
  }
  return { written };
}

/** Waits for a promise, but not longer than the given milliseconds. */
async function within(ms: number, promise: Promise<void> | undefined): Promise<void> {
  const over = new AbortController();
  await Promise.race([promise, sleep(ms, undefined, over)]);
  over.abort();
}

/** Creates a queue of texts that are not written yet. */
function createWaiting() {
  const texts: string[] = [];
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(text: string) {
      texts.push(text);
      size += text.length;
    },
    /** Removes and returns the text of the next write. */
    take(): string {
      let taken = 0;
      let count = 0;
      while (count < texts.length && taken < MAX_WRITE_CHARACTERS) taken += texts[count++]!.length;
      size -= taken;
      return texts.splice(0, count).join('');
    },
  };
}

/** Counts lost text that has not been reported yet. */
function createLoss() {
  let lines = 0;
  let cause = '';
  let problem: string | undefined;
  let describe: DescribeLoss = () => '';
  return {
    add(text: string | Buffer, why: string) {
      lines += text.toString().split('\n').length - 1;
      cause = why;
      problem = why;
    },
    look: () => ({ lines, report: lines > 0 ? describe(lines, cause) : '' }),
    subtract(count: number) {
      lines -= count;
    },
    takeProblem() {
      const taken = problem;
      problem = undefined;
      return taken;
    },
    report(describeIt: DescribeLoss) {
      describe = describeIt;
    },
  };
}

const NEW_LINE = 10;
