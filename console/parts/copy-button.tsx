import { useState } from 'preact/hooks';
import { Button } from './button.tsx';

interface CopyButtonProps {
  readonly text: string;
  /** Name for screen readers, such as `Copy the key`. */
  readonly label?: string;
}

/** Milliseconds for which it says that the text was copied. */
const SHOWN_MS = 2_000;

/** Copies a text to the clipboard, and says so. */
export function CopyButton({ text, label = 'Copy' }: CopyButtonProps) {
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready');
  async function copy(): Promise<void> {
    const next = await navigator.clipboard.writeText(text).then(
      () => 'copied' as const,
      () => 'failed' as const,
    );
    setState(next);
    setTimeout(() => setState('ready'), SHOWN_MS);
  }
  return (
    <>
      <Button kind="quiet" label={label} onClick={() => void copy()}>
        {{ ready: 'Copy', copied: 'Copied', failed: 'Select and copy it' }[state]}
      </Button>
      <span class="visually-hidden" role="status">
        {state === 'copied' ? 'Copied' : ''}
      </span>
    </>
  );
}
