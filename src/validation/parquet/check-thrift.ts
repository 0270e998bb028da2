/** Headers and footers of Parquet are nested less deeply than this. */
const MAX_DEPTH = 32;
/** Most values of a header or footer. Each takes about 100 bytes of memory, however short it is in the file. */
const MAX_VALUES = 2 ** 22;
/** 64 bits, seven to a byte. */
const MAX_VARINT_BYTES = 10;

/** Element types of Thrift's compact protocol. Parquet uses no others. */
const [STOP, TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, STRUCT] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12,
] as const;

/** A place in a file. Reading moves it. */
export interface Place {
  readonly view: DataView;
  offset: number;
}

/**
 * Checks a struct of Thrift's compact protocol without building it, in linear time. hyparquet believes all lengths, takes
 * quadratic time for long numbers, and recurses without a limit.
 *
 * @throws Error if a number, a list or a text is longer than it can be, or the struct is nested too deeply.
 */
export function checkThrift(view: DataView, offset: number): void {
  let left = MAX_VALUES;
  const place: Place = { view, offset };

  function checkStruct(depth: number): void {
    for (;;) {
      const head = view.getUint8(place.offset++);
      const type = head & 15;
      if (type === STOP) return;
      if (head >> 4 === 0) skipVarint(place);
      // A field that is true or false has its value in its type.
      if (type !== TRUE && type !== FALSE) checkValue(type, depth);
    }
  }

  function checkValue(type: number, depth: number): void {
    left -= 1;
    if (left < 0) throw new Error(`a header has more than ${MAX_VALUES} values`);
    switch (type) {
      case TRUE:
      case FALSE:
      case BYTE:
        place.offset += 1;
        return;
      case I16:
      case I32:
      case I64:
        skipVarint(place);
        return;
      case DOUBLE:
        place.offset += 8;
        return;
      case BINARY: {
        const length = readLength(place);
        place.offset += length;
        return;
      }
      case LIST: {
        const head = view.getUint8(place.offset++);
        const size = head >> 4 === 15 ? readLength(place) : head >> 4;
        checkDepth(depth);
        for (let item = 0; item < size; item++) checkValue(head & 15, depth + 1);
        return;
      }
      case STRUCT:
        checkDepth(depth);
        checkStruct(depth + 1);
        return;
      default:
        throw new Error(`a header has a value of unknown type ${type}`);
    }
  }

  checkStruct(0);
}

function checkDepth(depth: number): void {
  if (depth >= MAX_DEPTH) throw new Error(`a header is nested more than ${MAX_DEPTH} levels deep`);
}

/** Moves past a number. @throws Error if it has more than 64 bits. */
export function skipVarint(place: Place): void {
  for (let bytes = 1; place.view.getUint8(place.offset++) >= 128; bytes++) {
    if (bytes === MAX_VARINT_BYTES) throw new Error('a number is longer than 64 bits');
  }
}

/** Reads the length of a text or list. Each item has at least one byte. */
function readLength(place: Place): number {
  const start = place.offset;
  skipVarint(place);
  let length = 0;
  for (let at = place.offset - 1; at >= start; at--) length = length * 128 + (place.view.getUint8(at) & 127);
  const rest = place.view.byteLength - place.offset;
  if (length > rest) throw new Error(`a length of ${length} is beyond the end (${rest} bytes)`);
  return length;
}
