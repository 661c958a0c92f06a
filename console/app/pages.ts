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
  { id: 'overview', title: 'Overview', load: async () => await import('../pages/overview/page.tsx') },
];
