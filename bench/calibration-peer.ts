import { join } from "node:path";
import { encode } from "#compiler/catalog/codebook/codebook.js";
import { catalog } from "#compiler/catalog/index.js";
import { weightedLayers } from "#compiler/ir/network.js";
import type { Target } from "#compiler/ir/target.js";
import { sizeOf } from "#compiler/ir/types.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { interpreter } from "#compiler/reference/run.js";
import { linkerFlags } from "../runtime/firmware/link.js";
import { machineOf } from "../runtime/firmware/machine.js";
import { chipSources } from "../runtime/firmware/sources.js";
import { inTemporaryFolder, readBytes, writeFile } from "../runtime/host.js";
import { loadElf, symbolAddress } from "../runtime/simulator/index.js";
import { compile, needCompiler } from "../runtime/toolchain/cc.js";
import type { Trained } from "./calibration-nets.js";

/** How the peer's engine is built. */
export interface PeerBuild {
  /** A checkout of the peer's project. */
  readonly folder: string;
  readonly target: Target;
  /** Its inner loop in SRAM. */
  readonly ram: boolean;
}

/** How its engine calls the formats whose codes are those of this project, sign bit first. */
const formatNumbers: Readonly<Record<string, number>> = { "2bitsym": 2, "4bitsym": 4, fp130: 16 + 4 };

/**
 * Mean cycles of an inference by the peer's engine, built from its source as its own Makefile does (-Os -flto) and run
 * in this project's simulator; undefined when its answers are not those of the net, so that nothing wrong is timed.
 */
export function simulatePeer(trained: Trained, images: Int8Array, build: PeerBuild): number | undefined {
  const elf = buildPeer(trained, build);
  const image = loadElf(elf);
  const machine = machineOf(build.target, image);
  machine.run({ until: symbolAddress(image, "main")! });
  const [input, logits] = [symbolAddress(image, "input")!, symbolAddress(image, "logits")!];
  const { layers, result } = trained.network;
  const size = sizeOf(layers[0]!.type.shape);
  const classes = sizeOf(layers.find(({ id }) => id === result)!.type.shape);
  const infer = interpreter(trained.network, quantizeWeights(trained.network, trained.weights));
  const count = images.length / size;
  let cycles = 0;
  for (let sample = 0; sample < count; sample++) {
    const picture = images.subarray(sample * size, (sample + 1) * size);
    machine.write(input, new Uint8Array(picture.buffer, picture.byteOffset, size));
    cycles += machine.call("peer_infer").cycles;
    const answer = new Int32Array(machine.read(logits, 4 * classes).buffer);
    if (!infer(picture).every((logit, i) => logit === answer[i])) return undefined;
  }
  return cycles / count;
}

function buildPeer(trained: Trained, { folder, target, ram }: PeerBuild): Uint8Array {
  const compiler = needCompiler(target);
  return inTemporaryFolder((work) => {
    const sources = new Map([...chipSources(target), ["firmware/main.c", driver(trained, folder, ram)], ["include/stdio.h", ""]]);
    for (const [path, text] of sources) writeFile(join(work, path), text);
    const defines = [`-DCLOCK_HZ=${target.clockHz!}`, `-DFLASH_WAIT_STATES=${target.chip!.flash.waitStates}`];
    // Libraries come after what needs them.
    const files = ["firmware/main.c", "firmware/board.c", "firmware/startup.S", "-lgcc"];
    compile(compiler, {
      sources: files,
      output: "image.elf",
      flags: ["-flto", ...defines, "-Iinclude", "-Ifirmware", `-I${folder}`, ...linkerFlags],
      folder: work,
    });
    return readBytes(join(work, "image.elf"));
  });
}

/** Calls the engine layer by layer, as its demo does. */
function driver({ network, weights }: Trained, folder: string, ram: boolean): string {
  const layers = weightedLayers(network);
  const widest = Math.max(...layers.map(({ weights: { shape } }) => shape[0]!));
  const tables = layers.map(({ id, weights: { shape, quantizer } }, i) => {
    const { values, clip } = weights.get(id)!;
    const { levels } = catalog.quantizers[quantizer]!;
    const codes = encode(catalog.quantizers[quantizer]!, { values, rows: shape[0]!, clip });
    return `static const uint32_t weights${i}[] = { ${packed(codes, Math.log2(levels.length)).join(", ")} };`;
  });
  const calls = layers.map(({ weights: { shape, quantizer } }, i) => {
    const [units, inputs] = shape as readonly [number, number];
    const sums = i === layers.length - 1 ? "logits" : "sums";
    const call = `processfclayer(${i === 0 ? "input" : "values"}, weights${i}, ${formatNumbers[quantizer]}, ${inputs}, ${units}, ${sums});`;
    return `    ${call}\n    ${i === layers.length - 1 ? "return (int)" : ""}ReLUNorm(${sums}, values, ${units});`;
  });
  const section = ram
    ? `void processfclayer(int8_t *, const uint32_t *, int32_t, uint32_t, uint32_t, int32_t *)\n    __attribute__((section(".srodata.ramcode"), used));\n`
    : "";
  return [
    `#include "${join(folder, "BitNetMCU_inference.c")}"\n`,
    section,
    ...tables,
    `int8_t input[${layers[0]!.weights.shape[1]}];\nint32_t logits[${layers.at(-1)!.weights.shape[0]}];`,
    `\n__attribute__((noinline, used)) int peer_infer(void)\n{\n    int32_t sums[${widest}];\n    int8_t values[${widest}];`,
    ...calls,
    "}\n\nint main(void)\n{\n    return peer_infer();\n}\n",
  ].join("\n");
}

/** Codes of some bits each, the first in the highest of a word. */
function packed(codes: Uint8Array, bits: number): readonly string[] {
  const perWord = 32 / bits;
  return Array.from({ length: codes.length / perWord }, (_, word) => {
    const value = codes.subarray(word * perWord, (word + 1) * perWord).reduce((sum, code) => sum * 2 ** bits + code, 0);
    return `${value}u`;
  });
}
