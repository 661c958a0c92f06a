/** Encrypts texts that pass through clients, which must not read or change them. */
export interface Sealing {
  seal(text: string): string;
  /** Returns undefined for text that was sealed elsewhere or changed. */
  unseal: Unseal;
}

export type Unseal = (sealed: string) => string | undefined;
