import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { TranscriptView } from './transcript.ts';

/** Pixels from the end of the page within which a reader counts as reading along. */
const NEAR_PX = 120;

/** Milliseconds after an event in which what grows belongs to it: Markdown and diffs are made a little later. */
const AFTERMATH_MS = 1_000;

const leads = new Set<() => void>();

/** Leads to the end of the transcript, after something that a person has done there, such as a message or an undo. */
export function leadToEnd(): void {
  for (const lead of leads) lead();
}

/**
 * Keeps the end of the page in view while the session goes on, until somebody scrolls up.
 * @param content Everything whose growth moves the end.
 */
export function useFollowedEnd(
  content: RefObject<HTMLElement | null>,
  view: TranscriptView,
  isOn: boolean,
): void {
  const [{ move, watch }] = useState(createFollower);
  useEffect(
    () => (isOn && content.current !== null ? watch(content.current) : undefined),
    [content, isOn, watch],
  );
  useLayoutEffect(() => {
    if (isOn) move();
  }, [view, isOn, move]);
}

interface Follower {
  /** Shows the end if the reader is there. */
  move(): void;
  /** Follows the reader, and what grows late; returns a function that ends that. */
  watch(content: HTMLElement): () => void;
}

function createFollower(): Follower {
  const root = document.documentElement;
  let isNear = true;
  let shownAt = 0;
  let movedAt = -Infinity;
  const showEnd = () => scrollTo({ top: root.scrollHeight, behavior: 'instant' });
  const look = () => {
    const { scrollHeight, scrollTop, clientHeight } = root;
    const distance = scrollHeight - scrollTop - clientHeight;
    // What has grown in the meantime leads nobody away from the end: only a person scrolls up.
    if (distance < NEAR_PX) isNear = true;
    else if (scrollTop < shownAt) isNear = false;
    shownAt = scrollTop;
  };
  const move = () => {
    movedAt = performance.now();
    if (isNear) showEnd();
  };
  const lead = () => {
    isNear = true;
    move();
  };
  return {
    move,
    watch(content) {
      const growth = new ResizeObserver(() => {
        if (isNear && performance.now() - movedAt < AFTERMATH_MS) showEnd();
      });
      growth.observe(content);
      leads.add(lead);
      addEventListener('scroll', look, { passive: true });
      return () => {
        growth.disconnect();
        leads.delete(lead);
        removeEventListener('scroll', look);
      };
    },
  };
}
