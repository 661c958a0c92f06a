export interface ModelsOptions {
  /** `copilot.models`: settings of single models. */
  readonly overrides: Readonly<Record<string, ModelOverrides>>;
}

/** Keys of a model in Codex's list that are left out unless the settings have them. */
export type ModelOverrides = Readonly<Record<string, unknown>>;
