/** A buffer with its live range: from the step that writes it to the last step that reads it. */
export interface Buffer {
  readonly name: string;
  readonly bytes: number;
  readonly alignment: number;
  readonly from: number;
  readonly to: number;
  /** The buffer that the writing step reads, where it may run in place. */
  readonly overlays?: string;
}

export interface Placement {
  /** In bytes, by buffer name. */
  readonly offsets: ReadonlyMap<string, number>;
  readonly bytes: number;
}

/**
 * Static memory planning: an offset for each buffer, so that no two with overlapping live ranges share bytes, except one
 * that overlays another and starts no later. Optimal packing is NP-hard and buffers are few: first fit in several orders,
 * of which the smallest arena counts.
 */
export function place(buffers: readonly Buffer[]): Placement {
  const bySize = [...buffers].sort((a, b) => b.bytes - a.bytes || a.from - b.from);
  const byEnd = [...buffers].sort((a, b) => b.to - a.to || b.bytes - a.bytes);
  return [bySize, buffers, byEnd].map(firstFit).reduce((best, next) => (next.bytes < best.bytes ? next : best));
}

function firstFit(buffers: readonly Buffer[]): Placement {
  const offsets = new Map<string, number>();
  const placed: Buffer[] = [];
  for (const buffer of buffers) {
    const rivals = placed.filter((other) => livesWith(buffer, other));
    const starts = [0, ...rivals.flatMap((other) => [offsets.get(other.name)!, offsets.get(other.name)! + other.bytes])];
    const aligned = starts.map((start) => Math.ceil(start / buffer.alignment) * buffer.alignment).sort((a, b) => a - b);
    const fits = (offset: number): boolean => rivals.every((other) => compatible(buffer, offset, other, offsets.get(other.name)!));
    offsets.set(buffer.name, aligned.find(fits)!);
    placed.push(buffer);
  }
  return { offsets, bytes: Math.max(0, ...placed.map(({ name, bytes }) => offsets.get(name)! + bytes)) };
}

const livesWith = (a: Buffer, b: Buffer): boolean => a.from <= b.to && b.from <= a.to;

/** Whether two buffers may lie at these offsets. */
export function compatible(a: Buffer, aOffset: number, b: Buffer, bOffset: number): boolean {
  const sharesBytes = aOffset < bOffset + b.bytes && bOffset < aOffset + a.bytes;
  if (!livesWith(a, b) || !sharesBytes) return true;
  if (a.overlays === b.name && a.from === b.to) return aOffset <= bOffset;
  if (b.overlays === a.name && b.from === a.to) return bOffset <= aOffset;
  return false;
}
