/** Something of a request that is done in another way than asked, which the caller is told. */
export interface Adjustment {
  /** Where it stands in the caller's request, such as `messages[0].content[1].image_url`. */
  readonly path: string;
  readonly from: string;
  readonly to: string;
}
