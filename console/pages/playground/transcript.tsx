import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { Answer } from './answer.tsx';
import { EXAMPLES } from './examples.ts';
import { focusMessage } from './focus-message.ts';
import { changeSettings, draft, editPrompt, entries, isRunning } from './state.ts';
import { Thumbnails } from './thumbnails.tsx';
import type { ChatEntry, PromptEntry } from './wire/entries.ts';

/** Shows the conversation, and follows its end as long as that is in sight. */
export function Transcript() {
  const all = entries.value;
  const end = useRef<HTMLDivElement>(null);
  useFollowing(end, all);
  if (all.length === 0) return <Beginnings />;
  return (
    <div class="playground-transcript">
      {all.map((entry, index) =>
        entry.kind === 'answer' ? (
          <Answer key={entry.id} answer={entry} isLast={index === all.length - 1} />
        ) : (
          <Prompt key={entry.id} prompt={entry} />
        ),
      )}
      <div ref={end} class="playground-end" />
      <p class="visually-hidden" role="status">
        {announce(all.at(-1))}
      </p>
    </div>
  );
}

/** Scrolls to an element whenever the entries change while it is in sight, and when a person has added one. */
function useFollowing(end: { readonly current: HTMLElement | null }, all: readonly ChatEntry[]): void {
  const isInSight = useRef(true);
  const count = useRef(all.length);
  const isEmpty = all.length === 0;
  useEffect(() => {
    if (end.current === null) return;
    const observer = new IntersectionObserver(
      ([seen]) => {
        isInSight.current = seen?.isIntersecting ?? false;
      },
      // The composer covers the lowest part.
      { rootMargin: '120px' },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [end, isEmpty]);
  useEffect(() => {
    if (isInSight.current || count.current < all.length) end.current?.scrollIntoView({ block: 'end' });
    count.current = all.length;
  }, [end, all]);
}

function announce(last: ChatEntry | undefined): string {
  if (last?.kind !== 'answer') return '';
  if (last.state === 'done' && last.content.calls.length > 0)
    return 'The model waits for results of its calls.';
  const words = { running: 'Answering', done: 'The answer is complete.', stopped: 'Stopped.', failed: '' };
  return words[last.state];
}

function Prompt({ prompt: { id, text, images } }: { readonly prompt: PromptEntry }) {
  return (
    <article class="playground-prompt">
      <h2 class="visually-hidden">You</h2>
      <div class="playground-bubble">
        <Thumbnails images={images} />
        {text}
      </div>
      <Button
        kind="quiet"
        disabled={isRunning.value}
        label="Edit this message"
        onClick={() => {
          editPrompt(id);
          focusMessage();
        }}
      >
        Edit
      </Button>
    </article>
  );
}

/** Shows what one could begin with. */
function Beginnings() {
  return (
    <div class="playground-empty">
      <h2>What would you like to ask?</h2>
      <p class="muted">
        Ask any model here as a client would: each answer shows its calls, tokens and times, what was left out
        of the request, and the same request as code.
      </p>
      <div class="playground-examples">
        {EXAMPLES.map(({ title, about, prompt, settings }) => (
          <button
            key={title}
            type="button"
            onClick={() => {
              changeSettings(settings);
              draft.value = { text: prompt, images: [] };
              focusMessage();
            }}
          >
            <strong>{title}</strong>
            <span class="muted">{about}</span>
          </button>
        ))}
      </div>
    </div>
  );
}
