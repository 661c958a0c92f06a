interface LimitBarProps {
  readonly name: string;
  readonly usedPercent: number;
  /** A sentence about the rest, or the reset. */
  readonly note: string;
}

/** Shows how much of a limit is used. */
export function LimitBar({ name, usedPercent, note }: LimitBarProps) {
  return (
    <li>
      <div class="overview-limit-head">
        <strong>{name}</strong>
        <span>{Math.round(usedPercent)} % used</span>
      </div>
      <meter aria-label={`${name}: used`} class={kindOf(usedPercent)} min={0} max={100} value={usedPercent} />
      <small class="muted">{note}</small>
    </li>
  );
}

function kindOf(percent: number): string {
  if (percent >= 90) return 'bad';
  return percent >= 70 ? 'warning' : 'good';
}
