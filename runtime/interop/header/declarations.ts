import type { Refuse } from "./packed-header.js";

/** What a C header of weights declares, by its layers: those names that begin with a capital L and a number. */
export interface Declarations {
  /** `L2_incoming_weights` as a macro or a constant, by layer and by what follows the underscore. */
  readonly layers: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly arrays: ReadonlyMap<string, CArray>;
}

export interface CArray {
  /** `uint32_t`. */
  readonly element: string;
  readonly values: readonly number[];
}

const ranges: Readonly<Record<string, readonly [low: number, high: number]>> = {
  uint32_t: [0, 2 ** 32 - 1],
  uint16_t: [0, 2 ** 16 - 1],
  int8_t: [-128, 127],
};

/** Reads macros, constants and arrays of a header without a preprocessor: conditions in it are not looked at. */
export function readDeclarations(text: string, refuse: Refuse): Declarations {
  const code = text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, " ");
  const layers = new Map<string, Map<string, string>>();
  const note = (layer: string, name: string, value: string): void => void (layers.get(layer) ?? begin(layers, layer)).set(name, value);
  for (const [, layer, name, value] of code.matchAll(/^[ \t]*#[ \t]*define[ \t]+(L\d+)_(\w+)[ \t]+(\S+)/gm)) note(layer!, name!, value!);
  for (const [, layer, name, value] of code.matchAll(/\buint32_t[ \t]+(L\d+)_(\w+)[ \t]*=[ \t]*(\w+)[ \t]*;/g)) note(layer!, name!, value!);
  const arrays = new Map<string, CArray>();
  for (const [, element, layer, body] of code.matchAll(/\b(u?int\d+_t)\s+(L\d+)_weights\s*\[[^\]]*\]\s*=\s*\{([^{}]*)\}/g)) {
    if (arrays.has(layer!)) refuse(`${layer}_weights is defined twice`);
    arrays.set(layer!, { element: element!, values: numbersOf(`${layer}_weights`, element!, body!, refuse) });
  }
  return { layers, arrays };
}

function begin(layers: Map<string, Map<string, string>>, layer: string): Map<string, string> {
  const facts = new Map<string, string>();
  layers.set(layer, facts);
  return facts;
}

function numbersOf(array: string, element: string, body: string, refuse: Refuse): readonly number[] {
  const range = ranges[element] ?? refuse(`${array} is an array of ${element}, not of ${Object.keys(ranges).join(", ")}`);
  const texts = body.split(",").map((text) => text.trim());
  if (texts.at(-1) === "") texts.pop();
  return texts.map((text) => {
    const value = /^(0[xX][0-9a-fA-F]+|-?\d+)[uU]?[lL]?$/.test(text) ? Number(text.replace(/[uUlL]+$/, "")) : NaN;
    return value >= range[0] && value <= range[1]
      ? value
      : refuse(`${array} holds ${JSON.stringify(text.slice(0, 20))}, which is no ${element}`);
  });
}
