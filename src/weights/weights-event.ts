/** Progress of a download. Weights that are already there give no events. `source` is a label for people. */
export type WeightsEvent =
  | {
      readonly type: 'download-start';
      readonly set: string;
      readonly source: string;
      readonly totalBytes: number;
    }
  | {
      readonly type: 'download-progress';
      readonly set: string;
      readonly source: string;
      readonly bytes: number;
      readonly totalBytes: number;
    }
  | { readonly type: 'source-failed'; readonly set: string; readonly source: string; readonly reason: string }
  | { readonly type: 'download-end'; readonly set: string; readonly source: string; readonly path: string };
