/**
 * Unpacks Snappy. hyparquet's own decoder runs in circles if a length is negative.
 *
 * @param size Length of the unpacked data, from the page header.
 * @throws Error if the data is damaged, or unpacks to another length.
 */
export function unpackSnappy(input: Uint8Array, size: number): Uint8Array {
  const output = new Uint8Array(size);
  let at = 0;
  let end = 0;
  // It begins with the length, which the page header states too.
  while (input[at++]! >= 128);

  function readNumber(bytes: number): number {
    let number = 0;
    for (let byte = bytes - 1; byte >= 0; byte--) number = number * 256 + input[at + byte]!;
    at += bytes;
    return number;
  }

  function claim(length: number, available: number): void {
    // Also refuses NaN, from a number beyond the end of the input.
    if (!(length <= available && end + length <= size)) throw new Error('the Snappy data is damaged');
  }

  while (at < input.length) {
    const tag = input[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const length = (short < 60 ? short : readNumber(short - 59)) + 1;
      claim(length, input.length - at);
      output.set(input.subarray(at, at + length), end);
      at += length;
      end += length;
    } else {
      const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
      const back = kind === 1 ? (tag >> 5) * 256 + readNumber(1) : readNumber(kind === 2 ? 2 : 4);
      if (!(back > 0 && back <= end)) throw new Error('the Snappy data is damaged');
      claim(length, length);
      // A copy may overlap what it writes, and then repeats it.
      if (back >= length) output.copyWithin(end, end - back, end - back + length);
      else for (let byte = 0; byte < length; byte++) output[end + byte] = output[end + byte - back]!;
      end += length;
    }
  }
  if (end !== size) throw new Error(`the Snappy data unpacks to ${end} bytes, not to ${size}`);
  return output;
}
