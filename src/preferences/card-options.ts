/** What the dataset card says besides the counts. */
export interface CardOptions {
  /** Heading of the card. Default: "Preference conversations". */
  readonly title?: string | undefined;
  /**
   * Licence of the dataset, in the Hugging Face hub's spelling (`cc-by-4.0`). It depends on the personas and on the terms
   * of the models that wrote the messages. Default: the card says that the licence was not stated.
   */
  readonly license?: string | undefined;
  /** Other sources and their licences. Default: only the models and files that the export knows. */
  readonly sources?: readonly { readonly name: string; readonly license: string }[] | undefined;
}
