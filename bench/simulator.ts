/**
 * How many instructions the simulator runs in a second: sorting, recursion and software multiplication, compiled by GCC.
 * Run: npx tsx --conditions=source bench/simulator.ts
 */
import { createMachine } from "#runtime/simulator/index.js";
import { buildFirmware } from "../runtime/simulator/testing/firmware.js";
import { flash, qingKeV2, ram, rv32ec } from "../runtime/simulator/testing/program.js";

const rounds = 8;
const callsPerRound = 600;

const machine = createMachine({ image: buildFirmware(), isa: rv32ec, memories: [flash(1), ram], timing: qingKeV2 });
machine.initialize();
for (let round = 1; round <= rounds; round++) {
  const [begin, instructions, cycles] = [performance.now(), machine.instructions(), machine.cycles()];
  for (let seed = 0; seed < callsPerRound; seed++) machine.call("work", [seed]);
  const seconds = (performance.now() - begin) / 1000;
  const rate = (count: number): string => `${(count / seconds / 1e6).toFixed(1)} M`;
  console.log(`round ${round}: ${rate(machine.instructions() - instructions)} instructions/s, ${rate(machine.cycles() - cycles)} cycles/s`);
}
