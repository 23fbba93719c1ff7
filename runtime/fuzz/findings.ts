import fc from "fast-check";
import { type Recipe, recipes } from "./recipe.js";
import { subjectOf } from "./subject.js";
import { type Effort, type Trial, trialOf } from "./trial.js";

/** What one seed came to; without a trial where the language refuses what was drawn. */
export interface Outcome {
  readonly seed: number;
  readonly trial?: Trial;
  /** The smallest model that still shows what was found. */
  readonly finding?: Finding;
}

/** What differs from the reference or breaks, as sentences that begin with what ran it, and the model that shows it. */
export interface Finding {
  readonly seed: number;
  readonly findings: readonly string[];
  readonly recipe: Recipe;
  readonly body: string;
}

/** Seconds that may go into making a finding smaller. */
const patience = 120;

/** Draws a recipe from a seed and tries it; what it finds is made smaller. */
export async function outcomeOf(seed: number, effort: Effort): Promise<Outcome> {
  const [recipe] = fc.sample(recipes, { numRuns: 1, seed });
  const subject = subjectOf(recipe!);
  if (subject === undefined) return { seed };
  const trial = await trialOf(subject, effort);
  if (trial.findings.length === 0) return { seed, trial };
  return {
    seed,
    trial,
    finding: await smallest({ seed, findings: trial.findings, recipe: recipe!, body: subject.body }, { ...effort, kill: false }),
  };
}

/** By fast-check: whatever is smaller and still finds something of the kind. */
async function smallest(first: Finding, effort: Effort): Promise<Finding> {
  let found = first;
  const kind = kindOf(first.findings);
  const until = Date.now() + 1000 * patience;
  const shows = async (recipe: Recipe): Promise<boolean> => {
    if (Date.now() > until) return true;
    const subject = subjectOf(recipe);
    if (subject === undefined) return true;
    const { findings } = await trialOf(subject, effort);
    if (kindOf(findings) !== kind) return true;
    found = { seed: first.seed, findings, recipe, body: subject.body };
    return false;
  };
  await fc.check(fc.asyncProperty(recipes, shows), { seed: first.seed, numRuns: 1 });
  return found;
}

const kindOf = ([finding]: readonly string[]): string => finding?.split(":")[0] ?? "";

/** A model file that says how it came about. */
export function modelOf({ seed, findings, recipe, body }: Finding): string {
  const { target, interrupts, input, known, weights, seed: drawn } = recipe;
  const remarks = [
    ...findings.flatMap((finding) => finding.split("\n")),
    `${target}, interrupts ${interrupts}, input ${input}, weights ${known ? "known" : "unknown"}, ${weights}, drawn from ${drawn}`,
    `npm run fuzz -- --seed ${seed} --trials 1`,
  ];
  return `${remarks.map((remark) => `// ${remark}`).join("\n")}\nmodel net {\n  ${body}\n}\n`;
}
