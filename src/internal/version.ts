/** The version of this package, as manifests and reports record it. A constant, so that it survives bundling. */
export const VERSION: string = '0.1.0';
