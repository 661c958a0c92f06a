import type { ComponentType } from 'preact';
import type { IconName } from '../parts/icon.tsx';

/** Headings of the navigation, in their order. */
export const GROUPS = ['Start', 'Use', 'Manage'] as const;

export interface Page {
  /** Its place in the address, and its icon. */
  readonly id: IconName;
  readonly title: string;
  readonly group: (typeof GROUPS)[number];
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
    group: 'Start',
    load: async () => await import('../pages/overview/page.tsx'),
  },
  {
    id: 'clients',
    title: 'Set up a client',
    group: 'Start',
    load: async () => await import('../pages/clients/page.tsx'),
  },
  {
    id: 'models',
    title: 'Models',
    group: 'Use',
    load: async () => await import('../pages/models/page.tsx'),
  },
  {
    id: 'playground',
    title: 'Playground',
    group: 'Use',
    scope: 'openai',
    load: async () => await import('../pages/playground/page.tsx'),
  },
  {
    id: 'requests',
    title: 'Requests',
    group: 'Use',
    load: async () => await import('../pages/requests/page.tsx'),
  },
  {
    id: 'sessions',
    title: 'Sessions',
    group: 'Use',
    scope: 'sessions',
    load: async () => await import('../pages/sessions/page.tsx'),
  },
  {
    id: 'keys',
    title: 'Keys',
    group: 'Manage',
    load: async () => await import('../pages/keys/page.tsx'),
  },
  {
    id: 'tools',
    title: 'Tools',
    group: 'Manage',
    scope: 'tools',
    load: async () => await import('../pages/tools/page.tsx'),
  },
  {
    id: 'settings',
    title: 'Settings',
    group: 'Manage',
    load: async () => await import('../pages/settings/page.tsx'),
  },
];
