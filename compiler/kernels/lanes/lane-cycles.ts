import type { Target } from "../../ir/target.js";
import { codeBytes, type Item, program } from "../../riscv/index.js";
import type { Job } from "../contract.js";
import { waitStates } from "../placement.js";
import { activeShare } from "../sparse/dense-columns.js";
import type { LanePlan } from "./lane-plan.js";
import { convolveChannel, type LaneStore, requantizeLanes } from "./rv32-convolve-lanes.js";

/** Cycles of a convolution by lanes, where code is in flash. Blank pixels lie together: places are blank more often than by chance. */
export function laneCycles(job: Job, target: Target, plan: LanePlan, { nibbles }: LaneStore): number {
  const { channels, geometry, pool, lanes, rows, levels, pooled } = plan;
  const waits = waitStates(target, "flash");
  const call = 6 + 4 * waits;
  const words = (geometry.kernel.height + pool - 1) * (geometry.kernel.width + pool - 1);
  const stores = 4 + 3 * lanes.count;
  const perChannel = straight(requantizeLanes(plan), waits) + call + waits + (nibbles ? (stores + call + 2) / 2 : stores);
  const full = channels.reduce((sum, channel) => sum + straight(convolveChannel(plan, channel), waits) + waits + perChannel, 0);
  const bytes = nibbles ? channels.length / 2 : channels.length;
  const blank = (1 - activeShare(job)) ** Math.sqrt(words * lanes.count);
  const place = 40 + 10 * waits + 3 * words;
  const packing = rows * geometry.input.width * (7 + 4 * lanes.count);
  return Math.round(packing + levels * pooled.width * (place + (1 - blank) * full + blank * bytes * (10 + 5 * waits + 2 * lanes.count)));
}

/** Cycles that code takes, over what lines by themselves do: loads and jumps do not fall together with lines of flash. Measured. */
const stalls = 1.06;

/** Cycles of lines without jumps: as they execute, or as flash delivers them. */
function straight(items: Item, waits: number): number {
  const lines = program(items);
  const executed = lines.lines.reduce((sum, line) => sum + (line.kind !== "instruction" ? 0 : line.spelled === "lw" ? 2 : 1), 0);
  return stalls * Math.max(executed, (codeBytes(lines) / 4) * (1 + waits));
}
