/** Counts of durations from which quantiles are read: some hundred bytes, however many there are. */
export interface Durations {
  add(milliseconds: number): void;
  /** Returns a duration that a share of them stays below, to about 5 %. */
  quantile(share: number): number;
}

/** Each place counts durations of up to a tenth more than the place before. */
const STEP = Math.log(1.1);

/** The last place begins at about 18 minutes. */
const PLACES = 148;

const MOST = 65_535;

export function countDurations(): Durations {
  const counts = new Uint16Array(PLACES);
  return {
    add(milliseconds) {
      const place = Math.max(0, Math.min(PLACES - 1, Math.ceil(Math.log(milliseconds) / STEP)));
      if (counts[place]! < MOST) counts[place]! += 1;
    },
    quantile(share) {
      const wanted = share * counts.reduce((sum, count) => sum + count, 0);
      let passed = 0;
      const place = counts.findIndex((count) => (passed += count) >= wanted && count > 0);
      return Math.round(Math.exp((place - 0.5) * STEP));
    },
  };
}
