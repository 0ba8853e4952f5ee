/// Remote write 1.0 from nothing but numbers: protobuf, in snappy's block format without
/// compressing anything.

/// A request body of series, each with its labels and its samples as [milliseconds, value].
export function writeRequest(series) {
  return snappy(Buffer.concat(series.map((one) => field(1, timeSeries(one)))));
}

function timeSeries({ labels, samples }) {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([
    ...pairs.map(([name, value]) => field(1, label(name, value))),
    ...samples.map(([at, value]) => field(2, sample(at, value))),
  ]);
}

function label(name, value) {
  return Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))]);
}

function sample(at, value) {
  const double = Buffer.alloc(9);
  double[0] = (1 << 3) | 1;
  double.writeDoubleLE(value, 1);
  return Buffer.concat([double, Buffer.from([2 << 3]), varint(at)]);
}

function field(number, bytes) {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes]);
}

function varint(value) {
  const bytes = [];
  let rest = BigInt(value);
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}

/// The length, then literals of at most 64 KiB.
function snappy(bytes) {
  const LITERAL_MAX = 65_536;
  const parts = [varint(bytes.length)];
  for (let at = 0; at < bytes.length; at += LITERAL_MAX) {
    const literal = bytes.subarray(at, at + LITERAL_MAX);
    const tag = Buffer.from([61 << 2, (literal.length - 1) & 0xff, (literal.length - 1) >> 8]);
    parts.push(tag, literal);
  }
  return Buffer.concat(parts);
}
