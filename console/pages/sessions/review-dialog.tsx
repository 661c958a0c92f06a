import { useState } from 'preact/hooks';
import { request } from '../../api/request.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useAction } from '../../parts/use-action.ts';
import { FormEnd } from '../../parts/form-end.tsx';

const TARGETS = {
  uncommittedChanges: { title: 'Uncommitted changes', detail: '', field: '' },
  baseBranch: { title: 'Changes against a branch', detail: 'Branch', field: 'branch' },
  commit: { title: 'A commit', detail: 'Hash of the commit', field: 'sha' },
  custom: { title: 'Something else', detail: 'What to review', field: 'instructions' },
} as const;

type Target = keyof typeof TARGETS;

/** Asks what the agent is to review, and starts that. */
export function ReviewDialog({ sessionId, onClose }: { readonly sessionId: string; onClose(): void }) {
  const [target, setTarget] = useState<Target>('uncommittedChanges');
  const [detail, setDetail] = useState('');
  const { detail: label, field } = TARGETS[target];
  const review = useAction(async () => {
    const body = { target: { type: target, ...(field !== '' && { [field]: detail }) } };
    await request(`chat/sessions/${sessionId}/review`, { method: 'POST', body });
    onClose();
  });
  return (
    <Dialog title="Let the agent review" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void review.run();
        }}
      >
        <Field label="What">
          <select value={target} onChange={(event) => setTarget(event.currentTarget.value as Target)}>
            {Object.entries(TARGETS).map(([id, { title }]) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </Field>
        {label !== '' && (
          <Field label={label}>
            <input required value={detail} onInput={(event) => setDetail(event.currentTarget.value)} />
          </Field>
        )}
        {review.problem !== '' && <Notice kind="error">{review.problem}</Notice>}
        <FormEnd onCancel={onClose}>
          <Button type="submit" busy={review.busy}>
            Start the review
          </Button>
        </FormEnd>
      </form>
    </Dialog>
  );
}
