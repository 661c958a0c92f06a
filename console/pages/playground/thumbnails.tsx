import { Button } from '../../parts/button.tsx';
import { formatBytes } from '../../format/format-number.ts';
import type { AttachedImage } from './wire/entries.ts';

interface ThumbnailsProps {
  readonly images: readonly AttachedImage[];
  /** Takes an image away; without it they are there to stay. */
  onRemove?(image: AttachedImage): void;
}

/** Shows images of a message in small. */
export function Thumbnails({ images, onRemove }: ThumbnailsProps) {
  if (images.length === 0) return null;
  return (
    <ul class="playground-images" aria-label="Images of the message">
      {images.map((image) => (
        <li key={image.url}>
          <img src={image.url} alt={image.name} title={`${image.name}, ${formatBytes(image.bytes)}`} />
          {onRemove && (
            <Button kind="quiet" label={`Remove ${image.name}`} onClick={() => onRemove(image)}>
              ×
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
