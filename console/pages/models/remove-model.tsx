import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useAction } from '../../parts/use-action.ts';
import { FormEnd } from '../../parts/form-end.tsx';

interface RemoveModelProps {
  readonly id: string;
  onRemove(): Promise<void>;
  onClose(): void;
}

/** Asks if an entry of the config file is to be removed. */
export function RemoveModel({ id, onRemove, onClose }: RemoveModelProps) {
  const remove = useAction(onRemove);
  return (
    <Dialog title={`Remove ${id}?`} onClose={onClose}>
      <p>
        It is taken out of the config file at once. Clients that ask for it get an error, unless a model has
        the same id.
      </p>
      {remove.problem !== '' && <Notice kind="error">{remove.problem}</Notice>}
      <FormEnd onCancel={onClose}>
        <Button kind="danger" busy={remove.busy} onClick={() => void remove.run()}>
          Remove
        </Button>
      </FormEnd>
    </Dialog>
  );
}
