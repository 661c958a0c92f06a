import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { draft, isRunning, obstacle, sendDraft, stop } from './state.ts';

/** Shows the message that is being written. Enter sends it. */
export function Composer() {
  const { text, images } = draft.value;
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // Grows with its text, as far as its style lets it.
    const { current } = input;
    if (current === null) return;
    current.style.height = 'auto';
    current.style.height = `${current.scrollHeight + 2}px`;
  }, [text]);
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    sendDraft();
  }
  const isEmpty = text.trim() === '' && images.length === 0;
  return (
    <form
      class="playground-composer"
      onSubmit={(event) => {
        event.preventDefault();
        sendDraft();
      }}
    >
      <textarea
        ref={input}
        rows={1}
        aria-label="Message"
        placeholder="Ask something"
        value={text}
        onInput={(event) => (draft.value = { ...draft.value, text: event.currentTarget.value })}
        onKeyDown={onKeyDown}
      />
      <div class="row">
        <small class="muted grow">
          {obstacle.value === '' ? 'Enter sends, Shift and Enter begin a line.' : obstacle}
        </small>
        {isRunning.value ? (
          <Button kind="danger" onClick={stop}>
            Stop
          </Button>
        ) : (
          <Button type="submit" disabled={isEmpty || obstacle.value !== ''}>
            Send
          </Button>
        )}
      </div>
    </form>
  );
}
