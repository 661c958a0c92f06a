/** Lines of each icon, in a square of 16. */
const PATHS = {
  overview: 'M2 9.5h2.5L6.5 4l3 8.5 2-5.5.8 2.5H14',
  clients: 'M3 3.5h10v7H3zM1.5 13h13M6.5 6 5 7l1.5 1M9.5 6 11 7l-1.5 1',
  models: 'M8 2 14 5 8 8 2 5zM2 8l6 3 6-3M2 11l6 3 6-3',
  playground: 'M2.5 3h11v8H7l-3 2.5V11H2.5zM5.5 6h5M5.5 8.2h3',
  requests: 'M2.5 4h11M2.5 8h7M2.5 12h9M12.5 8h1',
  sessions: 'M2 3h12v10H2zM4.5 6l2 2-2 2M8.5 10.5h3',
  keys: 'M10 2.5a3.5 3.5 0 1 1-2.8 5.6L2.5 12.8v1h2.2l.1-1.6 1.6-.1.1-1.6 1.5-.8M11 5.5v.01',
  tools:
    'M9.8 2.3a3.6 3.6 0 0 0-3.6 4.9L2 11.4V14h2.6l4.2-4.2a3.6 3.6 0 0 0 4.9-4.4l-2 2-1.9-.4-.4-1.9 2-2a3.6 3.6 0 0 0-1.6-.8z',
  settings:
    'M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M10 2.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM6 9.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4z',
  leave: 'M6.5 2.5h-4v11h4M7 8h7M11 5l3 3-3 3',
  more: 'M4 6.5 8 10.5l4-4',
} as const;

export type IconName = keyof typeof PATHS;

/** Shows an icon beside the words that it repeats; screen readers pass it over. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.4"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
