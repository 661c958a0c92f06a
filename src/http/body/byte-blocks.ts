/** Bytes of the largest block. */
const MAX_BLOCK = 1024 * 1024;
const FIRST_BLOCK = 16 * 1024;

/**
 * Bytes that arrive in chunks, copied into blocks of memory of their own: nothing large is ever copied at once, and a block
 * can be handed over to another thread.
 */
export class ByteBlocks {
  readonly #full: Uint8Array<ArrayBuffer>[] = [];
  #block = new Uint8Array(FIRST_BLOCK);
  #used = 0;
  size = 0;

  add(chunk: Uint8Array): void {
    this.size += chunk.length;
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#used === this.#block.length) this.#grow();
      const part = rest.subarray(0, this.#block.length - this.#used);
      this.#block.set(part, this.#used);
      this.#used += part.length;
      rest = rest.subarray(part.length);
    }
  }

  /** Returns all of them; nothing can be added after that. */
  take(): Uint8Array<ArrayBuffer>[] {
    return [...this.#full, this.#block.subarray(0, this.#used)];
  }

  #grow(): void {
    this.#full.push(this.#block);
    this.#block = new Uint8Array(Math.min(this.#block.length * 2, MAX_BLOCK));
    this.#used = 0;
  }
}
