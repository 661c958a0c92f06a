/** Encrypts texts that pass through clients, which must not read or change them. */
export interface Sealing {
  seal(text: string): string;
  /** Returns undefined for text that was sealed elsewhere or changed. */
  unseal: Unseal;
}

/** A sealing that is divided among callers. */
export interface SharedSealing extends Sealing {
  /** Returns the sealing of a caller, whose texts nobody else can unseal. */
  ofCaller(id: string): Sealing;
}

export type Unseal = (sealed: string) => string | undefined;
