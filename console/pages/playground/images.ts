import type { AttachedImage } from './wire/entries.ts';

/** Types of images that the gateway takes. */
export const IMAGE_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** Maximum bytes of an image, and images of a request, that the gateway takes. */
const MAX_BYTES = 20_000_000;
const MAX_IMAGES = 16;

interface ReadImages {
  readonly images: readonly AttachedImage[];
  /** A sentence about those that cannot be sent; '' if all can. */
  readonly problem: string;
}

/** Reads the files that can be sent as images beside those that are there. */
export async function readImages(files: readonly File[], present: number): Promise<ReadImages> {
  const good = files.filter(({ type, size }) => IMAGE_TYPES.includes(type) && size <= MAX_BYTES);
  const taken = good.slice(0, MAX_IMAGES - present);
  return {
    images: await Promise.all(taken.map(readImage)),
    problem:
      taken.length === files.length
        ? ''
        : 'A message takes up to 16 images: PNG, JPEG, GIF or WebP, each of at most 20 MB.',
  };
}

async function readImage(file: File): Promise<AttachedImage> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(reader.result as string));
    reader.addEventListener('error', () => reject(new Error(`${file.name} cannot be read.`)));
    reader.readAsDataURL(file);
  });
  return { name: file.name === '' ? 'image' : file.name, url, bytes: file.size };
}
