import type { Steps } from '../../../base/async/steps.ts';
import { createContainerStack, type EntryListener } from './container-stack.ts';
import { createActions, type Act } from './json-actions.ts';
import { ACTION, ACTION_SHIFT, NUMBER_ENDS, STATE, STATE_BITS, TRANSITIONS } from './json-grammar.ts';

/** Bytes between two opportunities to pause. */
const SLICE_BYTES = 65_536;

/**
 * Scans a JSON document without parsing it: nothing is copied, and no depth exhausts the stack. Returns false for
 * a document that `JSON.parse` would refuse; bytes that are not UTF-8 are tolerated inside strings.
 * @param root Hears of the outermost container.
 */
export function* scanJson(body: Uint8Array, root: EntryListener): Steps<boolean> {
  const containers = createContainerStack(root);
  const scanSlice = createSliceScanner(body, createActions(containers));
  let state: number = STATE.value;
  for (let from = 0; from < body.length; from += SLICE_BYTES) {
    state = scanSlice(state, from, Math.min(from + SLICE_BYTES, body.length));
    if (state === STATE.invalid) return false;
    yield;
  }
  return containers.depth() === 0 && (state === STATE.after || NUMBER_ENDS.includes(state));
}

/** Creates the function that scans the bytes between two positions; it returns the state after them. */
function createSliceScanner(body: Uint8Array, act: Act) {
  return (stateBefore: number, from: number, to: number): number => {
    let state = stateBefore;
    for (let at = from; at < to; at += 1) {
      if (state === STATE.string) at = skipPlainBytes(body, at, to);
      if (at === to) break;
      const transition = TRANSITIONS[state * 256 + (body[at] as number)] as number;
      state = transition & STATE_BITS;
      if (transition <= STATE_BITS) continue;
      const action = transition >> ACTION_SHIFT;
      state = act(action, at, state);
      // The byte behind a number is a token of its own.
      if (action === ACTION.endNumber) at -= 1;
    }
    return state;
  };
}

/** Bytes that a string contains as they are. */
const IS_PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  TRANSITIONS[STATE.string * 256 + byte] === STATE.string ? 1 : 0,
);

/** Returns the position of the next byte that is special in a string, at most `to`: most bytes of a body are not. */
function skipPlainBytes(body: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && IS_PLAIN[body[at] as number] === 1) at += 1;
  return at;
}
