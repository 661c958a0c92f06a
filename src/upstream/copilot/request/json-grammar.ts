/** Positions in the grammar of JSON, between tokens and inside them. */
export const STATE = {
  invalid: 0,
  // between tokens
  value: 1,
  firstValue: 2,
  key: 3,
  firstKey: 4,
  colon: 5,
  after: 6,
  // in a string, behind its backslash, and before the hexadecimal digits that are left of `\u`
  string: 7,
  escape: 8,
  hex4: 9,
  hex3: 10,
  hex2: 11,
  hex1: 12,
  // behind these parts of a number
  minus: 13,
  zero: 14,
  digits: 15,
  point: 16,
  fraction: 17,
  e: 18,
  sign: 19,
  exponent: 20,
  // before the letters that are left of a literal
  rue: 21,
  ue: 22,
  alse: 23,
  lse: 24,
  se: 25,
  ull: 26,
  ll: 27,
  l: 28,
  // `true` and `false` end alike
  lastE: 29,
} as const;

/** Effects of a byte, apart from a change of the state. */
export const ACTION = {
  none: 0,
  beginScalar: 1,
  beginString: 2,
  beginKey: 3,
  escape: 4,
  endString: 5,
  endLiteral: 6,
  // The byte behind a number belongs to the next token.
  endNumber: 7,
  openObject: 8,
  openArray: 9,
  closeObject: 10,
  closeArray: 11,
  comma: 12,
} as const;

type State = keyof typeof STATE;
type Action = keyof typeof ACTION;

/** Bytes, the state after them, and what happens. */
type Rule = readonly [bytes: string, next: State, action?: Action];

const SPACE = ' \t\n\r';
const DIGITS = '0123456789';
const HEX = `${DIGITS}abcdefABCDEF`;

const VALUE: readonly Rule[] = [
  ['"', 'string', 'beginString'],
  ['{', 'firstKey', 'openObject'],
  ['[', 'firstValue', 'openArray'],
  ['-', 'minus', 'beginScalar'],
  ['0', 'zero', 'beginScalar'],
  ['123456789', 'digits', 'beginScalar'],
  ['t', 'rue', 'beginScalar'],
  ['f', 'alse', 'beginScalar'],
  ['n', 'ull', 'beginScalar'],
];

const END_OF_NUMBER: Rule = [`${SPACE},]}`, 'after', 'endNumber'];

/** The rules of each state; every other byte is invalid. */
const RULES: Readonly<Record<State, readonly Rule[]>> = {
  invalid: [],
  value: [[SPACE, 'value'], ...VALUE],
  firstValue: [[SPACE, 'firstValue'], [']', 'after', 'closeArray'], ...VALUE],
  key: [
    [SPACE, 'key'],
    ['"', 'string', 'beginKey'],
  ],
  firstKey: [
    [SPACE, 'firstKey'],
    ['"', 'string', 'beginKey'],
    ['}', 'after', 'closeObject'],
  ],
  colon: [
    [SPACE, 'colon'],
    [':', 'value'],
  ],
  after: [
    [SPACE, 'after'],
    [',', 'value', 'comma'],
    ['}', 'after', 'closeObject'],
    [']', 'after', 'closeArray'],
  ],
  // Any other byte from 0x20 up stays in the string: see below.
  string: [
    ['\\', 'escape', 'escape'],
    ['"', 'after', 'endString'],
  ],
  escape: [
    ['"\\/bfnrt', 'string'],
    ['u', 'hex4'],
  ],
  hex4: [[HEX, 'hex3']],
  hex3: [[HEX, 'hex2']],
  hex2: [[HEX, 'hex1']],
  hex1: [[HEX, 'string']],
  minus: [
    ['0', 'zero'],
    ['123456789', 'digits'],
  ],
  zero: [['.', 'point'], ['eE', 'e'], END_OF_NUMBER],
  digits: [[DIGITS, 'digits'], ['.', 'point'], ['eE', 'e'], END_OF_NUMBER],
  point: [[DIGITS, 'fraction']],
  fraction: [[DIGITS, 'fraction'], ['eE', 'e'], END_OF_NUMBER],
  e: [
    ['+-', 'sign'],
    [DIGITS, 'exponent'],
  ],
  sign: [[DIGITS, 'exponent']],
  exponent: [[DIGITS, 'exponent'], END_OF_NUMBER],
  rue: [['r', 'ue']],
  ue: [['u', 'lastE']],
  alse: [['a', 'lse']],
  lse: [['l', 'se']],
  se: [['s', 'lastE']],
  ull: [['u', 'll']],
  ll: [['l', 'l']],
  l: [['l', 'after', 'endLiteral']],
  lastE: [['e', 'after', 'endLiteral']],
};

/** States in which a number may be complete. */
export const NUMBER_ENDS: readonly number[] = [STATE.zero, STATE.digits, STATE.fraction, STATE.exponent];

/** A transition contains the next state in these bits, and the action above them. */
export const STATE_BITS = 63;
export const ACTION_SHIFT = 6;

/** The transition for each state (times 256) and byte. */
export const TRANSITIONS: Uint16Array = createTransitions();

function createTransitions(): Uint16Array {
  const transitions = new Uint16Array(Object.keys(STATE).length * 256);
  transitions.fill(STATE.string, STATE.string * 256 + 0x20, STATE.string * 256 + 256);
  for (const [state, rules] of Object.entries(RULES)) {
    for (const [bytes, next, action = 'none'] of rules) {
      for (const byte of Buffer.from(bytes)) {
        transitions[STATE[state as State] * 256 + byte] = STATE[next] + (ACTION[action] << ACTION_SHIFT);
      }
    }
  }
  return transitions;
}
