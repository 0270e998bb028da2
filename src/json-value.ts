/** Any value that JSON can hold, such as a setting in a trainer's configuration file. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };
