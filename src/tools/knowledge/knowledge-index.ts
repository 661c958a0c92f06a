/** A passage that answers a query. */
export interface KnowledgeHit {
  /** Lines of the document around the one that matches best. */
  readonly snippet: string;
  /** Path of the document, as its glob names it, and the 1-based line that matches best. */
  readonly path: string;
  readonly line: number;
  /** From 0 to 1. */
  readonly score: number;
}

/** An index over the documents of some globs, which follows their changes. */
export interface KnowledgeIndex {
  /** Resolves to the passages that match best, the best first. */
  search(query: string, count: number): Promise<readonly KnowledgeHit[]>;
  close(): Promise<void>;
}
