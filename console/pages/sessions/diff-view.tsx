import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { Diff, type DiffLayout } from '../../parts/diff.tsx';

/** The view that was chosen last, for every diff of the page. */
const chosen = signal<DiffLayout>('unified');

const LAYOUTS = { unified: 'One column', split: 'Side by side' } as const;

/** Shows a diff in one column or side by side, where there is room for that. */
export function DiffView({ diff }: { readonly diff: string }) {
  const isWide = useIsWide();
  return (
    <div class="sessions-diff">
      {isWide && (
        <div class="sessions-layouts" role="group" aria-label="View of the diff">
          {(Object.keys(LAYOUTS) as DiffLayout[]).map((layout) => (
            <button
              key={layout}
              type="button"
              aria-pressed={chosen.value === layout}
              onClick={() => (chosen.value = layout)}
            >
              {LAYOUTS[layout]}
            </button>
          ))}
        </div>
      )}
      <Diff diff={diff} layout={isWide ? chosen.value : 'unified'} />
    </div>
  );
}

const WIDE = '(min-width: 900px)';

function useIsWide(): boolean {
  const [isWide, setWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const query = matchMedia(WIDE);
    const change = () => setWide(query.matches);
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, []);
  return isWide;
}
