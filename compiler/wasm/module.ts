import { joined, section, text, unsigned, vector } from "./encode.js";
import { encodeFunction, type WasmFunction } from "./function.js";
import { type Effect, type F32, typeCodes, type Value, type ValueType } from "./instructions.js";

/** Bytes in a page of memory. */
export const pageSize = 65536;

/** A module under construction: functions call those that were added before. */
export interface ModuleBuilder {
  /** Adds a function that the module uses itself. */
  add(made: WasmFunction): Callee;
  /** Adds a function that JavaScript calls by this name. */
  export(name: string, made: WasmFunction): Callee;
  /** The binary; it imports its memory, shared and of exactly this many pages, as `env.memory`. */
  encode(pages: number): Uint8Array<ArrayBuffer>;
}

export interface Callee {
  readonly index: number;
}

/** Calls a function that gives nothing. */
export const call = ({ index }: Callee, ...operands: readonly Value<ValueType>[]): Effect => ({
  type: "none",
  code: [...operands.flatMap(({ code }) => [...code]), 0x10, ...unsigned(index)],
});

/** Calls a function that gives a float32. */
export const callF32 = (callee: Callee, ...operands: readonly Value<ValueType>[]): F32 => ({
  type: "f32",
  code: call(callee, ...operands).code,
});

const sections = { types: 1, imports: 2, functions: 3, exports: 7, code: 10 } as const;
const header = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const functionType = 0x60;
const memoryKind = 2;
/** Limits with a maximum, of a memory that several threads see. */
const shared = 3;

export function moduleBuilder(): ModuleBuilder {
  const functions: WasmFunction[] = [];
  const exported: [string, number][] = [];
  const add = (made: WasmFunction): Callee => ({ index: functions.push(made) - 1 });
  return {
    add,
    export: (name, made) => {
      const callee = add(made);
      exported.push([name, callee.index]);
      return callee;
    },
    encode: (pages) => {
      const limits = [shared, ...unsigned(pages), ...unsigned(pages)];
      const parts = [
        header,
        section(sections.types, vector(functions.map(signatureOf))),
        section(sections.imports, vector([[...text("env"), ...text("memory"), memoryKind, ...limits]])),
        section(sections.functions, vector(functions.map((_, i) => unsigned(i)))),
        section(sections.exports, vector(exported.map(([name, index]) => [...text(name), 0, ...unsigned(index)]))),
        section(sections.code, vector(functions.map(encodeFunction))),
      ];
      return new Uint8Array(joined(...parts));
    },
  };
}

const signatureOf = ({ parameters, result }: WasmFunction): number[] => [
  functionType,
  ...vector(parameters.map((type) => [typeCodes[type]])),
  ...vector(result === undefined ? [] : [[typeCodes[result]]]),
];
