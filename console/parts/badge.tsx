import type { ComponentChildren } from 'preact';

interface BadgeProps {
  readonly kind?: 'plain' | 'good' | 'warning' | 'bad';
  readonly children: ComponentChildren;
}

/** Shows a word about the state of something. The word says it; the color repeats it. */
export function Badge({ kind = 'plain', children }: BadgeProps) {
  return <span class={`badge ${kind}`}>{children}</span>;
}
