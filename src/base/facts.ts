/** Facts without quotations from requests or answers. */
export type Facts = Readonly<Record<string, string | number | boolean | null | undefined>>;
