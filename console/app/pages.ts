import type { ComponentType } from 'preact';

export interface Page {
  /** Its place in the address. */
  readonly id: string;
  readonly title: string;
  /** Scope without which the browser cannot use it. */
  readonly scope?: 'openai' | 'sessions' | 'tools';
  /** Loads its code, which no other page waits for. */
  load(): Promise<{ readonly Page: ComponentType<PageProps> }>;
}

export interface PageProps {
  /** The rest of the address, such as the id of a session; '' without one. */
  readonly detail: string;
}

/** All pages, in the order of the navigation. */
export const PAGES: readonly Page[] = [
  {
    id: 'overview',
    title: 'Overview',
    load: async () => await import('../pages/overview/page.tsx'),
  },
  {
    id: 'clients',
    title: 'Set up a client',
    load: async () => await import('../pages/clients/page.tsx'),
  },
  {
    id: 'models',
    title: 'Models',
    load: async () => await import('../pages/models/page.tsx'),
  },
  {
    id: 'playground',
    title: 'Playground',
    scope: 'openai',
    load: async () => await import('../pages/playground/page.tsx'),
  },
  {
    id: 'requests',
    title: 'Requests',
    load: async () => await import('../pages/requests/page.tsx'),
  },
  {
    id: 'sessions',
    title: 'Sessions',
    scope: 'sessions',
    load: async () => await import('../pages/sessions/page.tsx'),
  },
  {
    id: 'keys',
    title: 'Keys',
    load: async () => await import('../pages/keys/page.tsx'),
  },
  {
    id: 'tools',
    title: 'Tools',
    scope: 'tools',
    load: async () => await import('../pages/tools/page.tsx'),
  },
  {
    id: 'settings',
    title: 'Settings',
    load: async () => await import('../pages/settings/page.tsx'),
  },
];
