import type { ComponentChildren } from 'preact';

/** Shows one line about a part that this gateway does not serve, which says how to switch it on. */
export function SwitchedOff({ children }: { readonly children: ComponentChildren }) {
  return <p class="switched-off">{children}</p>;
}
