import type { FieldError } from '../../../api/api-error.ts';
import type { Schema } from './schema.ts';

export interface SchemaFieldProps {
  readonly name: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
  readonly value: unknown;
  /** JSON pointer of the value. */
  readonly pointer: string;
  readonly errors: readonly FieldError[];
  /** Called with undefined for a value that is left out. */
  onChange(value: unknown): void;
}
