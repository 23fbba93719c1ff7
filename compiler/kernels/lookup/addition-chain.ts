/** `constants[target] = (constants[left] << shift) ± constants[right]`, or only shifted where there is no right. */
export interface ChainStep {
  readonly target: number;
  readonly left: number;
  readonly shift: number;
  readonly right?: number;
  readonly negative: boolean;
}

/**
 * How to make the products of a number by all `wanted` positive factors, from the number itself, with few shifts and
 * additions: of what is one step away from what is there, the cheapest is made first.
 */
export function additionChain(wanted: readonly number[]): readonly ChainStep[] {
  const made = [1];
  const missing = new Set(wanted.filter((factor) => factor !== 1));
  const steps: ChainStep[] = [];
  while (missing.size > 0) {
    const reachable = [...missing].flatMap((target) => stepTo(target, made) ?? []).sort((a, b) => costOf(a) - costOf(b))[0];
    const step = reachable ?? stepTowards(Math.min(...missing), made);
    steps.push(step);
    made.push(step.target);
    missing.delete(step.target);
  }
  return steps;
}

const costOf = ({ shift, right }: ChainStep): number => (shift > 0 ? 1 : 0) + (right === undefined ? 0 : 1);

const shifts = Array.from({ length: 16 }, (_, shift) => shift);

function stepTo(target: number, made: readonly number[]): ChainStep | undefined {
  const found = made.flatMap((left) => shifts.flatMap((shift) => stepFrom(target, left, shift, made)));
  return found.sort((a, b) => costOf(a) - costOf(b))[0];
}

function stepFrom(target: number, left: number, shift: number, made: readonly number[]): readonly ChainStep[] {
  const rest = target - left * 2 ** shift;
  if (rest === 0) return [{ target, left, shift, negative: false }];
  return made.includes(Math.abs(rest)) ? [{ target, left, shift, right: Math.abs(rest), negative: rest < 0 }] : [];
}

/** What is one binary digit short of the target is made first. */
function stepTowards(target: number, made: readonly number[]): ChainStep {
  const shorter = target & (target - 1);
  return stepTo(shorter, made) ?? stepTowards(shorter, made);
}
