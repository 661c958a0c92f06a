import type { ConsoleTool } from '../../../src/console/contract/tools.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import type { Values } from './form/schema.ts';

interface ConfirmCallProps {
  readonly tool: ConsoleTool;
  readonly values: Values;
  onConfirm(): void;
  onClose(): void;
}

/** Asks before a tool changes something. */
export function ConfirmCall({ tool: { name }, values, onConfirm, onClose }: ConfirmCallProps) {
  return (
    <Dialog title={`Call ${name} for real?`} onClose={onClose}>
      <p>It does what its dry run has shown, with these arguments:</p>
      <pre class="tools-text" tabIndex={0} aria-label="arguments">
        {JSON.stringify(values, undefined, 2)}
      </pre>
      <div class="row">
        <Button kind="danger" onClick={onConfirm}>
          Do it
        </Button>
        <Button kind="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </Dialog>
  );
}
