/**
 * Reads a pickle as data: the opcodes of protocols 2 and 4 that a state_dict is made of, and no call but those that are handed
 * in. Nothing that is named in the file is ever imported or run; what is not expected is refused by its name.
 */
export type Value = null | boolean | number | string | List | Tuple | Dictionary | Made | Global;

export interface List {
  readonly kind: "list";
  readonly items: Value[];
}

export interface Tuple {
  readonly kind: "tuple";
  readonly items: readonly Value[];
}

/** A dict, or an OrderedDict; in the order of the file. */
export interface Dictionary {
  readonly kind: "dict";
  readonly entries: Map<Value, Value>;
}

/** What a callable made, or a persistent id stands for. */
export interface Made {
  readonly kind: "made";
  readonly what: unknown;
}

/** A name that may be used, `collections.OrderedDict`. */
export interface Global {
  readonly kind: "global";
  readonly name: string;
}

export interface PickleWorld {
  /** What a name may be called with; undefined for a name that may only be mentioned. Other names are refused. */
  readonly globals: ReadonlyMap<string, ((given: readonly Value[]) => Value) | undefined>;
  /** What lies outside of the pickle, by its id. */
  readonly persistent: (id: Value) => Value;
  readonly refuse: (what: string) => never;
}

export const dictionary = (): Dictionary => ({ kind: "dict", entries: new Map() });

/** Where a mark was set; it never leaves the stack. */
const mark = Symbol("mark");

interface Machine {
  readonly world: PickleWorld;
  readonly stack: (Value | typeof mark)[];
  readonly memo: Map<number, Value>;
  readonly read: Reader;
}

/** The value of a pickle. */
export function unpickle(bytes: Uint8Array, world: PickleWorld): Value {
  const machine: Machine = { world, stack: [], memo: new Map(), read: reader(bytes, world.refuse) };
  for (;;) {
    const code = machine.read.byte();
    if (code === stop) return pop(machine);
    const run =
      opcodes.get(code) ?? world.refuse(`it uses the pickle opcode 0x${code.toString(16).padStart(2, "0")}, which no state_dict needs`);
    run(machine);
  }
}

const stop = ".".charCodeAt(0);

type Run = (machine: Machine) => void;

const constant =
  (value: Value): Run =>
  ({ stack }) =>
    void stack.push(value);
const reading =
  (value: (read: Reader) => Value): Run =>
  ({ stack, read }) =>
    void stack.push(value(read));
const remembering =
  (index: (read: Reader) => number): Run =>
  (machine) =>
    void machine.memo.set(index(machine.read), top(machine));
const recalling =
  (index: (read: Reader) => number): Run =>
  ({ stack, memo, read, world }) =>
    void stack.push(memo.get(index(read)) ?? world.refuse("it recalls what it never remembered"));
const tupleOf =
  (count: number): Run =>
  (machine) => {
    const items = Array.from({ length: count }, () => pop(machine)).reverse();
    machine.stack.push({ kind: "tuple", items });
  };

/** By the letters of the format; numbers are those that have none. */
const opcodes: ReadonlyMap<number, Run> = new Map(
  (
    [
      [0x80, ({ read }) => void read.byte()],
      ["(", ({ stack }) => void stack.push(mark)],
      ["N", constant(null)],
      [0x88, constant(true)],
      [0x89, constant(false)],
      ["K", reading((read) => read.byte())],
      ["M", reading((read) => read.uint16())],
      ["J", reading((read) => read.int32())],
      [0x8a, reading((read) => read.long())],
      ["G", reading((read) => read.float64())],
      ["X", reading((read) => read.text(read.uint32()))],
      // Of protocol 4: a frame only tells readers how much to read ahead.
      [0x95, ({ read }) => void read.float64()],
      [0x8c, reading((read) => read.text(read.byte()))],
      [0x94, (machine) => void machine.memo.set(machine.memo.size, top(machine))],
      [
        0x93,
        (machine) => {
          const [name, module] = [pop(machine), pop(machine)];
          machine.stack.push(globalOf(`${String(module)}.${String(name)}`, machine.world));
        },
      ],
      ["q", remembering((read) => read.byte())],
      ["r", remembering((read) => read.uint32())],
      ["h", recalling((read) => read.byte())],
      ["j", recalling((read) => read.uint32())],
      [")", constant({ kind: "tuple", items: [] })],
      [0x85, tupleOf(1)],
      [0x86, tupleOf(2)],
      [0x87, tupleOf(3)],
      [
        "t",
        (machine) => {
          const items = popToMark(machine);
          machine.stack.push({ kind: "tuple", items });
        },
      ],
      ["]", ({ stack }) => void stack.push({ kind: "list", items: [] })],
      ["a", (machine) => append(machine, [pop(machine)])],
      ["e", (machine) => append(machine, popToMark(machine))],
      ["}", ({ stack }) => void stack.push(dictionary())],
      ["s", (machine) => setItems(machine, [pop(machine), pop(machine)].reverse())],
      ["u", (machine) => setItems(machine, popToMark(machine))],
      ["c", ({ stack, read, world }) => void stack.push(globalOf(`${read.line()}.${read.line()}`, world))],
      ["R", call],
      ["Q", (machine) => void machine.stack.push(machine.world.persistent(pop(machine)))],
      // The attributes of an OrderedDict: torch notes the versions of modules there.
      ["b", (machine) => void pop(machine)],
    ] satisfies readonly (readonly [number | string, Run])[]
  ).map(([code, run]): [number, Run] => [typeof code === "string" ? code.charCodeAt(0) : code, run]),
);

function pop({ stack, world }: Machine): Value {
  const value = stack.pop();
  return value === undefined || value === mark ? world.refuse("its pickle takes more than it has") : value;
}

function top(machine: Machine): Value {
  const value = pop(machine);
  machine.stack.push(value);
  return value;
}

function popToMark({ stack, world }: Machine): Value[] {
  const start = stack.lastIndexOf(mark);
  if (start < 0) return world.refuse("its pickle ends a group that it never began");
  const items = stack.splice(start).slice(1);
  return items as Value[];
}

function append(machine: Machine, items: readonly Value[]): void {
  const list = top(machine);
  if (!isKind(list, "list")) return machine.world.refuse("it appends to what is no list");
  list.items.push(...items);
}

function setItems(machine: Machine, pairs: readonly Value[]): void {
  const target = top(machine);
  if (!isKind(target, "dict") || pairs.length % 2 !== 0) return machine.world.refuse("it sets entries of what is no dict");
  for (let i = 0; i < pairs.length; i += 2) target.entries.set(pairs[i]!, pairs[i + 1]!);
}

function globalOf(name: string, { globals, refuse }: PickleWorld): Global {
  return globals.has(name)
    ? { kind: "global", name }
    : refuse(`it names ${JSON.stringify(name)}, which no state_dict of tensors needs; nothing of it was run`);
}

function call(machine: Machine): void {
  const given = pop(machine);
  const callable = pop(machine);
  const { world, stack } = machine;
  const make = isKind(callable, "global") ? world.globals.get(callable.name) : undefined;
  if (make === undefined || !isKind(given, "tuple")) return world.refuse("it calls what is no function of a state_dict");
  stack.push(make(given.items));
}

/** Whether a value is an object of a kind. */
export const isKind = <K extends Exclude<Value, null | boolean | number | string>["kind"]>(
  value: Value | undefined,
  kind: K,
): value is Extract<Value, { readonly kind: K }> => typeof value === "object" && value !== null && value.kind === kind;

interface Reader {
  byte(): number;
  uint16(): number;
  uint32(): number;
  int32(): number;
  float64(): number;
  /** A little-endian two's complement integer after its length; refused beyond what a number holds exactly. */
  long(): number;
  /** So many bytes of UTF-8. */
  text(length: number): string;
  line(): string;
}

function reader(bytes: Uint8Array, refuse: PickleWorld["refuse"]): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (count: number): number => {
    if (count > bytes.length - at) return refuse("its pickle ends too early");
    at += count;
    return at - count;
  };
  const uint32 = (): number => view.getUint32(take(4), true);
  const decode = (start: number, end: number): string => new TextDecoder().decode(bytes.subarray(start, end));
  return {
    byte: () => view.getUint8(take(1)),
    uint16: () => view.getUint16(take(2), true),
    uint32,
    int32: () => view.getInt32(take(4), true),
    float64: () => view.getFloat64(take(8)),
    long: () => {
      const count = view.getUint8(take(1));
      const start = take(count);
      let value = count === 0 ? 0n : BigInt(view.getInt8(start + count - 1));
      for (let i = count - 2; i >= 0; i--) value = (value << 8n) | BigInt(view.getUint8(start + i));
      return Number.isSafeInteger(Number(value)) ? Number(value) : refuse("it holds a number beyond 2^53");
    },
    text: (length) => {
      const start = take(length);
      return decode(start, at);
    },
    line: () => {
      const start = at;
      const end = bytes.indexOf(10, at);
      take(end < 0 ? Infinity : end + 1 - at);
      return decode(start, end);
    },
  };
}
