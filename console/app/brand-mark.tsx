/** Shows the sign of the gateway: an arrow that passes between two posts. */
export function BrandMark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path
        d="M8 8v16M24 8v16M11.5 16h9M16.5 11.5 21 16l-4.5 4.5"
        fill="none"
        stroke="var(--accent-text)"
        stroke-width="2.4"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
