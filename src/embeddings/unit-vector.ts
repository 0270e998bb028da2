import { ModelCallError } from '../errors.ts';

/**
 * Checks a vector from an embedding model and scales it to length 1, in double precision.
 *
 * @throws ModelCallError when its length is not the expected one, a number is not finite, or all are zero.
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
      `If that is this model's length, pass { dimensions: ${values.length} }.`,
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
    throw refuse(`a vector of length ${length} has no direction.`);
  const unit = new Float32Array(dimensions);
  for (let i = 0; i < dimensions; i++) unit[i] = values[i]! / length;
  return unit;
}
