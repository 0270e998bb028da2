interface SourceEvent {
  readonly set: string;
  /** The source, for a person. */
  readonly source: string;
}

/** What happens while weights are pulled. Weights that are already there give no event. */
export type WeightsEvent =
  | (SourceEvent & { readonly type: 'download-start'; readonly totalBytes: number })
  | (SourceEvent & {
      readonly type: 'download-progress';
      readonly bytes: number;
      readonly totalBytes: number;
    })
  | (SourceEvent & { readonly type: 'source-failed'; readonly reason: string })
  | (SourceEvent & { readonly type: 'download-end'; readonly path: string });
