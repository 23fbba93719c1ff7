import { alternateLink, type Instruction, link, type Operation, operations, stackPointer } from "#compiler/riscv/index.js";
import { type Effect, effects } from "./effects.js";
import type { Timing } from "./timing.js";

/**
 * What the interpreter switches on: the operations, and special cases of them that decoding already knows. A body is
 * JavaScript for the interpreter's loop (see interpreter.ts for its names); `next` goes on behind the instruction,
 * `jump` to the instruction at index `at`.
 */
export interface MicroOperation {
  readonly name: string;
  readonly body: (timing: Timing) => string;
}

const next = "at += w >> 24 & 3; continue;";
const jump = "break;";
const rd = "x[w >> 8 & 63]";

/** Declares those of a, b, i and pc that an expression reads. */
function operands(...expressions: readonly string[]): string {
  const sources = { a: "x[w >> 14 & 31]", b: "x[w >> 19 & 31]", i: "immediates[at]", pc: "origin + 2 * at" };
  const used = Object.entries(sources).filter(([name]) => expressions.some((expression) => new RegExp(`\\b${name}\\b`).test(expression)));
  return used.map(([name, source]) => `const ${name} = ${source};`).join(" ");
}

const views = { 1: "bytes[place]", 2: "halves[place >> 1]", 4: "words[place >> 2]" } as const;
const source = "x[w >> 14 & 31] + immediates[at]";
const address = `const address = ${source} | 0; const page = address >>> 24; const offset = address & 0xffffff;`;
const aligned = (width: number): string => (width === 1 ? "" : ` && (address & ${width - 1}) === 0`);

function load({ width, signed }: Extract<Effect, { kind: "load" }>, timing: Timing): string {
  const value = width === 1 && signed ? `${views[1]} << 24 >> 24` : width === 2 && !signed ? `${views[2]} & 0xffff` : views[width];
  return `${address}
    if (offset < size[page]${aligned(width)}) {
      const place = start[page] + offset; ${rd} = ${value}; t += ${timing.load} + waits[page];
    } else { ${rd} = outside.load(address, ${width}, ${signed}, epoch + t); t += ${timing.load}; }
    ${next}`;
}

function store({ width }: Extract<Effect, { kind: "store" }>, timing: Timing): string {
  return `${address} const b = x[w >> 19 & 31];
    if (offset < writable[page]${aligned(width)}) {
      const place = start[page] + offset; ${views[width]} = b;
      if (hasCode[place >> 6] !== 0) program.invalidate(place);
    } else outside.store(address, ${width}, b, epoch + t);
    t += ${timing.store}; ${next}`;
}

const returnAddress = "const back = origin + 2 * at + 2 * (w >> 24 & 3) | 0;";
const toRegister = `const to = ${source} & -2;`;
const toImmediate = "at += immediates[at];";
const arrive = "at = to - origin >> 1;";

function csr({ write, operand }: Extract<Effect, { kind: "csr" }>, timing: Timing): string {
  const value = operand === "register" ? "x[w >> 14 & 31]" : "immediates[at] >> 12";
  // Setting or clearing no bits does not write: counters may be read so.
  const named = operand === "register" ? "(w >> 14 & 31) !== 0" : "operand !== 0";
  const condition = write === "operand" ? "true" : named;
  return `const operand = ${value}; const number = immediates[at] & 0xfff;
    const old = system.readRegister(number, epoch + t, left + 1);
    if (old === undefined || ${condition} && !system.writeRegister(number, ${write})) throw new Trap("illegal-instruction", origin + 2 * at);
    ${rd} = old; t += ${timing.csr}; ${next}`;
}

function body(effect: Effect, timing: Timing): string {
  switch (effect.kind) {
    case "value":
      return `${operands(effect.value)} ${rd} = ${effect.value}; t += ${timing[effect.timing]}; ${next}`;
    case "load":
      return load(effect, timing);
    case "store":
      return store(effect, timing);
    case "branch":
      return `${operands(effect.when)} t += ${timing.branch}; if (${effect.when}) { at += immediates[at]; ${jump} } ${next}`;
    case "jump":
      return `${returnAddress} t += ${timing.branch}; ${toImmediate} ${rd} = back;
        calls.enter(origin + 2 * at | 0, back, epoch + t); ${jump}`;
    case "jump-register":
      return `${returnAddress} ${toRegister} t += ${timing.branch}; ${rd} = back; calls.enter(to, back, epoch + t); ${arrive} ${jump}`;
    case "fence":
      return `t += ${timing.alu}; ${next}`;
    case "csr":
      return csr(effect, timing);
    case "system":
      return effect.action === "trap-return"
        ? `const to = system.trapReturn(); t += ${timing.branch}; ${arrive} ${jump}`
        : stop(effect.action).body(timing);
  }
}

const plain = ({ name }: Operation): MicroOperation => ({ name, body: (timing) => body(effects[name], timing) });

const moveStack = (name: string, value: string): MicroOperation => ({
  name: `${name} sp`,
  body: ({ alu }) =>
    `${operands(value)} stack.adjust(x[${stackPointer}], ${value} | 0); x[${stackPointer}] = ${value}; t += ${alu}; ${next}`,
});

const jumpWithoutLink = (name: string, leave: string): MicroOperation => ({
  name,
  body: ({ branch }) => `t += ${branch}; ${leave} ${jump}`,
});

const stop = (reason: string): MicroOperation => ({ name: reason, body: () => `reason = "${reason}"; left++; break run;` });

const special: readonly MicroOperation[] = [
  jumpWithoutLink("jump", toImmediate),
  jumpWithoutLink("tail call", `${toImmediate} calls.leave(origin + 2 * at | 0, false, epoch + t);`),
  jumpWithoutLink("return", `${toRegister} calls.leave(to, true, epoch + t); ${arrive}`),
  jumpWithoutLink("jump to register", `${toRegister} calls.leave(to, false, epoch + t); ${arrive}`),
  stop("idle"),
  stop("until"),
  moveStack("addi", "a + i"),
  moveStack("add", "a + b"),
  moveStack("sub", "a - b"),
];

const undecoded: MicroOperation = { name: "undecoded", body: () => "left++; program.decodeAt(at, origin + 2 * at | 0); continue;" };

/** The number of a micro-operation is its index; 0 stands for what is not decoded yet. */
export const microOperations: readonly MicroOperation[] = [undecoded, ...operations.map(plain), ...special];

const numberByName: ReadonlyMap<string, number> = new Map(microOperations.map(({ name }, number) => [name, number]));

export const microOperation = (name: string): number => numberByName.get(name)!;

/** Which micro-operation does an instruction; `leaves` tells whether a jump without link goes to another function. */
export function microOperationOf({ operation, rd, rs1, immediate }: Instruction, leaves: () => boolean): number {
  const { name } = operation;
  const effect = effects[name];
  const isReturn = rs1 === link || rs1 === alternateLink;
  if (effect.kind === "jump" && rd === 0) return microOperation(immediate === 0 ? "idle" : leaves() ? "tail call" : "jump");
  if (effect.kind === "jump-register" && rd === 0) return microOperation(isReturn ? "return" : "jump to register");
  if (effect.kind === "value" && rd === stackPointer && rs1 === stackPointer) return numberByName.get(`${name} sp`) ?? microOperation(name);
  return microOperation(name);
}
