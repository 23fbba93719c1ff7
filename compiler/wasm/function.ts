import { joined, unsigned, vector } from "./encode.js";
import { type Effect, i32, type I32, type Value, type ValueType, typeCodes } from "./instructions.js";

/** A local: read it by using it as a value. */
export interface Variable<T extends ValueType> extends Value<T> {
  readonly index: number;
}

/** The statements of a function, in order; nested blocks run `inside` to fill themselves. */
export interface Body {
  /** A new local that starts with this value, each time the code comes here. */
  let<T extends ValueType>(initial: Value<T>): Variable<T>;
  set<T extends ValueType>(variable: Variable<T>, value: Value<T>): void;
  /** A local that has this value, made of constants, from the start of the function on: loops need not make it anew. */
  constant<T extends ValueType>(value: Value<T>): Variable<T>;
  do(...effects: readonly Effect[]): void;
  when(condition: I32, inside: () => void): void;
  /** Runs `inside` with 0, `step`, 2 `step` … below `end`; a literal end must be a multiple of the step. */
  loop(end: number | I32, step: number, inside: (counter: I32) => void): void;
}

export interface WasmFunction {
  readonly parameters: readonly ValueType[];
  readonly result?: ValueType;
  readonly locals: readonly ValueType[];
  readonly code: readonly number[];
}

const opcode = { block: 0x02, loop: 0x03, if: 0x04, end: 0x0b, branch: 0x0c, branchIf: 0x0d, get: 0x20, set: 0x21 } as const;
/** The type of a block that leaves nothing. */
const empty = 0x40;

const variable = <T extends ValueType>(type: T, index: number): Variable<T> => ({ type, index, code: [opcode.get, ...unsigned(index)] });

type Variables<P extends readonly ValueType[]> = { readonly [K in keyof P]: Variable<P[K]> };

/** Builds a function; `build` gives its result, when it has one. */
export function wasmFunction<const P extends readonly ValueType[], R extends ValueType>(
  parameters: P,
  build: (body: Body, ...given: Variables<P>) => Value<R> | void,
): WasmFunction {
  const code: number[] = [];
  const before: number[] = [];
  const constants = new Map<string, Variable<ValueType>>();
  const locals: ValueType[] = [];
  const emit = (bytes: readonly number[], ...more: readonly number[]): void => {
    for (let i = 0; i < bytes.length; i++) code.push(bytes[i]!);
    code.push(...more);
  };
  const local = <T extends ValueType>(type: T): Variable<T> => variable(type, parameters.length + locals.push(type) - 1);
  const body: Body = {
    let: (initial) => {
      const made = local(initial.type);
      body.set(made, initial);
      return made;
    },
    constant: <T extends ValueType>(value: Value<T>) => {
      const key = value.code.join();
      if (!constants.has(key)) {
        const made = local(value.type);
        before.push(...value.code, opcode.set, ...unsigned(made.index));
        constants.set(key, made);
      }
      return constants.get(key) as Variable<T>;
    },
    set: ({ index }, value) => emit(value.code, opcode.set, ...unsigned(index)),
    do: (...effects) => effects.forEach((effect) => emit(effect.code)),
    when: (condition, inside) => {
      emit(condition.code, opcode.if, empty);
      inside();
      emit([opcode.end]);
    },
    loop: (end, step, inside) => {
      if (end === 0) return;
      if (end === step) return inside(i32.const(0));
      const counter = body.let(i32.const(0));
      const limit = typeof end === "number" ? i32.const(end) : end;
      emit([opcode.block, empty]);
      if (typeof end !== "number") emit(i32.eqz(end).code, opcode.branchIf, 0);
      emit([opcode.loop, empty]);
      inside(counter);
      body.set(counter, i32.add(counter, i32.const(step)));
      emit(i32.lt_u(counter, limit).code, opcode.branchIf, 0, opcode.end, opcode.end);
    },
  };
  const given = parameters.map((type, index) => variable(type, index)) as unknown as Variables<P>;
  const result = build(body, ...given);
  if (result) emit(result.code);
  return { parameters, locals, code: joined(before, code), ...(result ? { result: result.type } : {}) };
}

/** The bytes of a function in the code section: its size, its locals one by one, its statements. */
export function encodeFunction({ locals, code }: WasmFunction): number[] {
  const content = joined(vector(locals.map((type) => [1, typeCodes[type]])), code, [opcode.end]);
  return joined(unsigned(content.length), content);
}
