/** What the flags of `studyArgs` say about the embedded weights. @param args As a verb got them. */
export function weightsPlace(args: object): {
  readonly modelsDir: string | undefined;
  readonly offline: boolean | undefined;
} {
  const given = args as { readonly 'models-dir'?: string; readonly offline?: boolean };
  return { modelsDir: given['models-dir'], offline: given.offline };
}
