/** Version of this package. A constant, so that it survives bundling. */
export const VERSION: string = '0.1.0';
