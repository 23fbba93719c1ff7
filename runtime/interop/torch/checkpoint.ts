import { sizeOf } from "#compiler/ir/types.js";
import { Failure } from "../../failure.js";
import { openZip, type Zip } from "../../data/zip.js";
import { dictionary, isKind, type Made, type PickleWorld, unpickle, type Value } from "./pickle.js";
import { type StorageKind, storageKinds } from "./storage.js";

/** One entry of a state_dict, as float32. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Values outside of the pickle, which several tensors may share. */
interface Storage {
  readonly kind: StorageKind;
  readonly bytes: DataView;
  readonly elements: number;
}

type Refuse = PickleWorld["refuse"];

const remedy = 'save it anew in Python: torch.save(model.state_dict(), "model.pth")';

/**
 * The tensors of a PyTorch checkpoint, in its order: a zip archive with a pickle that names the storages beside it
 * (torch 1.6 and later). Reads data only: no code of the file is run. Throws a `Failure`, or a `DataError` for the zip.
 */
export function readCheckpoint(path: string): readonly NamedTensor[] {
  const zip = openZip(path);
  const refuse: Refuse = (what) => {
    throw new Failure(`${path} cannot be read as a checkpoint: ${what}`, remedy);
  };
  const pickle = zip.names.find((name) => /(^|\/)data\.pkl$/.test(name)) ?? refuse("it has no data.pkl");
  const folder = pickle.slice(0, -"data.pkl".length);
  const storages = storageReader(zip, folder, refuse);
  const value = unpickle(zip.read(pickle), {
    globals: new Map([
      ["collections.OrderedDict", () => dictionary()],
      ["torch._utils._rebuild_tensor_v2", (given: readonly Value[]) => made(rebuildTensor(given, refuse))],
      ["torch._utils._rebuild_parameter", ([tensor]: readonly Value[]) => tensor ?? refuse("it has a parameter without a tensor")],
      ...[...storageKinds.keys()].map((name) => [name, undefined] as const),
    ]),
    persistent: (id) => made(storages(id)),
    refuse,
  });
  return tensorsOf(value, refuse);
}

const made = (what: unknown): Made => ({ kind: "made", what });

function tensorsOf(value: Value, refuse: Refuse): readonly NamedTensor[] {
  if (!isKind(value, "dict")) return refuse("it is no dict of tensors");
  return [...value.entries].map(([name, held]) => {
    if (typeof name !== "string") return refuse("one of its entries has no name");
    if (isKind(held, "made") && isTensor(held.what)) return { name, ...held.what };
    return refuse(`its entry ${JSON.stringify(name)} is no tensor`);
  });
}

type Tensor = Omit<NamedTensor, "name">;

const isTensor = (what: unknown): what is Tensor => typeof what === "object" && what !== null && "values" in what;
const isStorage = (what: unknown): what is Storage => typeof what === "object" && what !== null && "elements" in what;

/** Storages by their persistent id, ("storage", class, key, device, elements); each is read once. */
function storageReader(zip: Zip, folder: string, refuse: Refuse): (id: Value) => Storage {
  const little = !zip.names.includes(`${folder}byteorder`) || new TextDecoder().decode(zip.read(`${folder}byteorder`)) !== "big";
  if (!little) return () => refuse("its numbers are big-endian");
  const known = new Map<string, Storage>();
  return (id) => {
    const [tag, type, key] = isKind(id, "tuple") ? id.items : [];
    const kind = isKind(type, "global") ? storageKinds.get(type.name) : undefined;
    if (tag !== "storage" || !isKind(type, "global") || kind === undefined || typeof key !== "string")
      return refuse("it refers to something other than a storage");
    const found = known.get(`${key} ${type.name}`) ?? storageOf(zip.read(`${folder}data/${key}`), kind);
    known.set(`${key} ${type.name}`, found);
    return found;
  };
}

const storageOf = (bytes: Uint8Array, kind: StorageKind): Storage => ({
  kind,
  bytes: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  elements: Math.floor(bytes.length / kind.bytes),
});

/** `_rebuild_tensor_v2(storage, offset, shape, strides, …)`: a view of a storage, copied in row-major order. */
function rebuildTensor([storage, offset, shape, strides]: readonly Value[], refuse: Refuse): Tensor {
  if (!isKind(storage, "made") || !isStorage(storage.what)) return refuse("it has a tensor without a storage");
  const extents = extentsOf(shape);
  const steps = extentsOf(strides);
  const start = extentsOf({ kind: "tuple", items: [offset ?? null] })?.[0];
  if (extents === undefined || steps === undefined || start === undefined || extents.length !== steps.length)
    return refuse("it has a tensor whose shape makes no sense");
  const { kind, bytes, elements } = storage.what;
  const count = sizeOf(extents);
  const last = count === 0 ? start - 1 : extents.reduce((at, extent, axis) => at + (extent - 1) * steps[axis]!, start);
  if (count > elements || last >= elements)
    return refuse(`a tensor [${extents.join(", ")}] reaches beyond the ${elements} values that are stored for it`);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = kind.read(bytes, placeOf(i, extents, steps, start) * kind.bytes, true);
  return { shape: extents, values };
}

/** Where the element of a row-major index lies in the storage. */
function placeOf(index: number, extents: readonly number[], steps: readonly number[], start: number): number {
  let place = start;
  for (let axis = extents.length - 1, rest = index; axis >= 0; axis--) {
    place += (rest % extents[axis]!) * steps[axis]!;
    rest = Math.floor(rest / extents[axis]!);
  }
  return place;
}

function extentsOf(value: Value | undefined): readonly number[] | undefined {
  const items = isKind(value, "tuple") ? value.items : undefined;
  return items?.every((item): item is number => typeof item === "number" && Number.isSafeInteger(item) && item >= 0)
    ? (items as readonly number[])
    : undefined;
}
