import { highestOnesUpTo } from "../../catalog/requantize.js";
import { timesConstant, timesUnsigned } from "../c-expression.js";
import { once, routine, sizesOf } from "../routine.js";
import { convolveJob, listJob, recordBytes } from "./row-layout.js";
import { convolveRow, type RowShape } from "./rv32-convolve-row.js";
import { listBytes, listNibbles } from "./rv32-list-row.js";
import { firstPlane, valueBytes } from "./rv32-visits.js";

/** Lists the values of a row by their bit planes. */
export const listRowRoutine = once((planes: number, nibbles: boolean) => {
  const program = nibbles ? listNibbles(planes) : listBytes(planes);
  return routine("row-lists/routines/list-row", {
    label: `list_${nibbles ? "nibbles" : "bytes"}_${planes}`,
    context: { program, planes, nibbles, planesDown: down(planes), record: recordBytes(planes), fields: listJob(planes).members },
    ...sizesOf(program),
  });
});

const made = once((key: string) => {
  const shape = JSON.parse(key) as RowShape;
  const program = convolveRow(shape);
  const { rows, columns, words, planes, plane, lowest, step, bits, ones } = shape;
  const layout = plane === undefined ? `${words}` : `${words}x${plane}`;
  return routine("row-lists/routines/convolve-row", {
    label: `convolve_row_${rows}x${columns}_${layout}`,
    context: {
      ...{ program, rows, planes, words, lowest, step },
      fields: convolveJob(rows).members,
      behind: recordBytes(planes) * columns,
      sum: 2 * planes,
      offsets: Array.from({ length: words }, (_, word) => ({
        sum: 4 * word,
        at: plane === undefined ? word : (word * plane - firstPlane(shape)) / 4,
      })),
      placeBytes: timesUnsigned("place", valueBytes(shape)),
      product: timesConstant("sum", lowest),
      units: 8 * words,
      half: step === 2,
      most: 2 ** bits - 1,
      levels: ones === undefined ? [] : highestOnesUpTo(2 ** bits - 1, ones),
    },
    ...sizesOf(program),
  });
});

/** Convolves a row of windows. */
export const convolveRowRoutine = (shape: RowShape) => made(JSON.stringify(shape));

/** Bit planes from the highest on, by their places in a record. */
const down = (planes: number) => Array.from({ length: planes }, (_, at) => ({ at: 2 * at, plane: planes - 1 - at }));

/** Counts the set bits of a row's values by planes: lists that hold no more lie one behind the other. */
export const countPlanesRoutine = once((planes: number) =>
  routine("row-lists/routines/count-planes", {
    label: `count_planes_${planes}`,
    context: { planes, all: Array.from({ length: planes }, (_, plane) => plane) },
    variant: String(planes),
  }),
);
