import type { ConsoleTool } from '../../../src/console/contract/tools.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import type { Values } from './form/schema.ts';
import { FormEnd } from '../../parts/form-end.tsx';

interface ConfirmCallProps {
  readonly tool: ConsoleTool;
  readonly values: Values;
  onConfirm(): void;
  onClose(): void;
}

/** Asks before a tool changes something, and says what it will do. */
export function ConfirmCall({ tool, values, onConfirm, onClose }: ConfirmCallProps) {
  const { name, description, has_dry_run: hasDryRun } = tool;
  return (
    <Dialog title={hasDryRun ? `Call ${name} for real?` : `Call ${name}?`} onClose={onClose}>
      {hasDryRun ? (
        <p>It does what its dry run has shown, with these arguments:</p>
      ) : (
        <>
          <p>It can change something, and cannot show it before. What it does:</p>
          <blockquote class="tools-does">{description}</blockquote>
          <p>With these arguments:</p>
        </>
      )}
      <pre class="tools-text" tabIndex={0} aria-label="arguments">
        {JSON.stringify(values, undefined, 2)}
      </pre>
      <FormEnd onCancel={onClose}>
        <Button kind="danger" onClick={onConfirm}>
          Do it
        </Button>
      </FormEnd>
    </Dialog>
  );
}
