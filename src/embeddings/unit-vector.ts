import { ModelCallError } from '../errors.ts';

/**
 * Checks what an embedding model gave and scales it to length 1, with sums in double precision.
 *
 * @throws ModelCallError when it has another length than expected, holds a number that is not finite, or is all zero.
 */
export function toUnitVector(
  embedderId: string,
  values: ArrayLike<number>,
  dimensions: number,
): Float32Array<ArrayBuffer> {
  const refuse = (problem: string, hint?: string) =>
    new ModelCallError(embedderId, problem, { retryable: false, hint });
  if (values.length !== dimensions) {
    throw refuse(
      `a vector has ${values.length} dimensions, not the ${dimensions} expected.`,
      `Pass { dimensions: ${values.length} } if that is the length this model gives.`,
    );
  }
  let squares = 0;
  for (let i = 0; i < dimensions; i++) {
    const value = values[i];
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw refuse(`dimension ${i} of a vector is ${value}, not a finite number.`);
    }
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  if (length === 0 || !Number.isFinite(length))
    throw refuse(`a vector has length ${length} and so no direction.`);
  return Float32Array.from(values, (value) => value / length);
}
