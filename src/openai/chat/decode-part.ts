import { excerpt } from '../../base/excerpt.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { Part } from '../../conversation/item.ts';
import { decodeValue } from '../decode-body.ts';
import {
  checkFields,
  IMAGE_PART_FIELDS,
  IMAGE_URL_FIELDS,
  REFUSAL_PART_FIELDS,
  TEXT_PART_FIELDS,
} from './fields.ts';
import { imagePartSchema, partSchema, refusalPartSchema, textPartSchema } from './schema.ts';
import { unsupported } from './unsupported.ts';

/** `type` of a content part, as far as it is supported. */
export type PartKind = keyof typeof DECODERS;

const DECODERS = { text: decodeText, image_url: decodeImage, refusal: decodeRefusal };

/** Decodes one part of a message's content; `allowed` are the kinds that its role may hold. */
export function decodePart(value: unknown, place: JsonPath, allowed: readonly PartKind[]): Part {
  const { type } = decodeValue(partSchema, value, place);
  const kind = allowed.find((candidate) => candidate === type);
  if (kind !== undefined) return DECODERS[kind](value as object, place);
  const why = `is a part of type '${excerpt(type)}'; supported here: ${allowed.join(', ')}`;
  throw unsupported(formatPath(place), why);
}

function decodeText(part: object, place: JsonPath): Part {
  checkFields(part, TEXT_PART_FIELDS, formatPath(place));
  return { type: 'text', text: decodeValue(textPartSchema, part, place).text };
}

function decodeImage(part: object, place: JsonPath): Part {
  checkFields(part, IMAGE_PART_FIELDS, formatPath(place));
  const { image_url: image } = decodeValue(imagePartSchema, part, place);
  const path = formatPath([...place, 'image_url']);
  checkFields((part as { image_url: object }).image_url, IMAGE_URL_FIELDS, path);
  return { type: 'image', url: image.url, detail: image.detail ?? 'auto', path };
}

function decodeRefusal(part: object, place: JsonPath): Part {
  checkFields(part, REFUSAL_PART_FIELDS, formatPath(place));
  return { type: 'text', text: decodeValue(refusalPartSchema, part, place).refusal };
}
