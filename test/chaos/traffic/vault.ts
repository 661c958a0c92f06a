import type { Random } from '../random.ts';

/** A response that the gateway has said it stores. */
interface StoredAnswer {
  readonly id: string;
  readonly token: string;
  readonly text: string;
}

/** Answers whose storing was acknowledged. */
export interface Vault {
  /** Changes when everything that was stored is lost on purpose. */
  era(): number;
  /** Keeps an answer of a request that began in this era. */
  keep(answer: StoredAnswer, era: number): void;
  pick(random: Random): StoredAnswer | undefined;
  all(): readonly StoredAnswer[];
  /** Expects nothing stored any more. */
  forget(): void;
}

const KEPT = 300;

export function createVault(): Vault {
  let era = 0;
  let answers: StoredAnswer[] = [];
  return {
    era: () => era,
    keep(answer, since) {
      if (since !== era) return;
      answers.push(answer);
      // Every second one is dropped, so that the oldest stay too.
      if (answers.length > KEPT) answers = answers.filter((_, index) => index % 2 === 0);
    },
    pick: (random) => (answers.length === 0 ? undefined : random.pick(answers)),
    all: () => answers,
    forget() {
      era += 1;
      answers = [];
    },
  };
}
