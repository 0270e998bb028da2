/** What the dataset card says beyond the counts. */
export interface CardOptions {
  /** Default `Preference conversations`. */
  readonly title?: string | undefined;
  /**
   * Licence of the dataset, as the Hugging Face hub writes it (`cc-by-4.0`). It follows from what went in: the
   * personas and the terms of the models that wrote the messages. Default: said to be unknown.
   */
  readonly license?: string | undefined;
  /** What went in, each with its licence. Default: nothing beside what the conversations record. */
  readonly sources?: readonly { readonly name: string; readonly license: string }[] | undefined;
}
