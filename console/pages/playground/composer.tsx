import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { IMAGE_TYPES } from './images.ts';
import {
  addImages,
  clear,
  draft,
  entries,
  imageProblem,
  isRunning,
  obstacle,
  sendDraft,
  stop,
} from './state.ts';
import { Thumbnails } from './thumbnails.tsx';

interface ComposerProps {
  /** Opens the code of the request. */
  onShowCode(): void;
}

/** Shows the message that is being written. Enter sends it; images are dropped, pasted or chosen. */
export function Composer({ onShowCode }: ComposerProps) {
  const { text, images } = draft.value;
  const isTarget = useDrop();
  const isEmpty = text.trim() === '' && images.length === 0;
  return (
    <form
      class={`playground-composer ${isTarget ? 'target' : ''}`}
      onSubmit={(event) => {
        event.preventDefault();
        sendDraft();
      }}
      onPaste={(event) => take(event, event.clipboardData)}
    >
      {imageProblem.value !== '' && <Notice kind="warning">{imageProblem}</Notice>}
      <Thumbnails
        images={images}
        onRemove={(image) => (draft.value = { text, images: images.filter((other) => other !== image) })}
      />
      <MessageInput text={text} />
      <div class="row">
        <ImageButton onFiles={(files) => void addImages(files)} />
        <Button
          kind="quiet"
          label="As code: the draft"
          disabled={isEmpty && entries.value.length > 0}
          onClick={onShowCode}
        >
          As code
        </Button>
        {entries.value.length > 0 && (
          <Button kind="quiet" label="New conversation" onClick={clear}>
            New
          </Button>
        )}
        <small class="playground-hint muted grow">
          {obstacle.value === '' ? 'Enter sends; Shift+Enter begins a line' : obstacle}
        </small>
        <SendButton isEmpty={isEmpty} />
      </div>
    </form>
  );
}

function take(event: Event, given: DataTransfer | null): void {
  const files = [...(given?.files ?? [])];
  if (files.length === 0) return;
  event.preventDefault();
  void addImages(files);
}

/** Takes files that are dropped anywhere on the page, which they would replace otherwise. Returns true while some are over it. */
function useDrop(): boolean {
  const [isTarget, setTarget] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files') !== true) return;
      event.preventDefault();
      setTarget(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setTarget(false);
    };
    const drop = (event: DragEvent) => {
      setTarget(false);
      take(event, event.dataTransfer);
    };
    const { signal } = stop;
    addEventListener('dragover', over, { signal });
    addEventListener('dragleave', leave, { signal });
    addEventListener('drop', drop, { signal });
    return () => stop.abort();
  }, []);
  return isTarget;
}

function MessageInput({ text }: { readonly text: string }) {
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // Grows with its text, as far as its style lets it.
    const { current } = input;
    if (current === null) return;
    current.style.height = 'auto';
    current.style.height = `${current.scrollHeight}px`;
  }, [text]);
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    sendDraft();
  }
  return (
    <textarea
      ref={input}
      rows={1}
      aria-label="Message"
      placeholder="Ask something, or drop an image"
      value={text}
      onInput={(event) => (draft.value = { ...draft.value, text: event.currentTarget.value })}
      onKeyDown={onKeyDown}
    />
  );
}

function ImageButton({ onFiles }: { onFiles(files: readonly File[]): void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button kind="quiet" onClick={() => input.current?.click()}>
        Images
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={IMAGE_TYPES.join(',')}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          // The same file can be chosen again.
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}

function SendButton({ isEmpty }: { readonly isEmpty: boolean }) {
  if (isRunning.value)
    return (
      <Button kind="danger" onClick={stop}>
        Stop
      </Button>
    );
  return (
    <Button type="submit" disabled={isEmpty || obstacle.value !== ''}>
      Send
    </Button>
  );
}
