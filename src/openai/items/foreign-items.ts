import { excerpt } from '../../base/excerpt.ts';
import { formatPath } from '../../base/json-path.ts';
import { unsupported } from '../request/refusals.ts';
import { hasResult } from './decode-result-item.ts';
import { FOREIGN_ITEMS } from './item-fields.ts';
import type { Entry } from './item-reading.ts';

/** Whether an item belongs to a tool that is not offered here, and can be left out; throws where that would lose too much. */
export function isLeftOut({ kind, item, place, compatibility }: Entry): boolean {
  if (!Object.hasOwn(FOREIGN_ITEMS, kind) || hasResult(kind, item)) return false;
  const rule = FOREIGN_ITEMS[kind]!;
  const refusal = () => unsupported(formatPath(place), `is an item of type '${excerpt(kind)}': ${rule.note}`);
  if (rule.verdict === 'refused') throw refusal();
  compatibility.ignore(place, refusal);
  return true;
}
