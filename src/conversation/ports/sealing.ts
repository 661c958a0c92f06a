/** Texts that go through hands of clients which are not to read or change them. */
export interface Sealing {
  seal(text: string): string;
  /** Undefined for what was sealed by another, or changed since. */
  unseal: Unseal;
}

export type Unseal = (sealed: string) => string | undefined;
