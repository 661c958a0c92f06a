/** Two hashes of 32 bits in the manner of FNV-1a, side by side. */
const PRIMES = [0x01000193, 0x0100018b] as const;
const OFFSETS = [0x811c9dc5, 0x9e3779b9] as const;

/**
 * Returns 16 hexadecimal digits that stand for a text. They tell the texts of one caller apart; nobody else's data depends
 * on them.
 */
export function hashText(text: string): string {
  return OFFSETS.map((offset, half) => {
    let hash: number = offset;
    for (let place = 0; place < text.length; place += 1)
      hash = Math.imul(hash ^ text.charCodeAt(place), PRIMES[half]!);
    return (hash >>> 0).toString(16).padStart(8, '0');
  }).join('');
}
